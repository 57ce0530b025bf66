-- What of the draft the person has before them: a text that answers an older page is not taken for the newest question.
ALTER TABLE focus ADD COLUMN rev BIGINT;
