-- Why a file was not taken, where its content was the reason: a word of the closed list of the gate.
ALTER TABLE attachments ADD COLUMN reason TEXT;
