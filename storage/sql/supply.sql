-- name: insert_card(number, base_id, side, said, filed_by, now)$
INSERT INTO supply_cards (number, base_id, side, state, rev, said, filed_by, filed_at)
VALUES (:number, :base_id, :side, 'submitted', 0, :said, :filed_by, :now)
RETURNING id;

-- name: card(id)^
SELECT c.*, b.city, b.kind FROM supply_cards c JOIN bases b ON b.id = c.base_id WHERE c.id = :id;

-- name: lock_card(id)^
SELECT c.*, b.city, b.kind FROM supply_cards c JOIN bases b ON b.id = c.base_id WHERE c.id = :id FOR UPDATE OF c;

-- name: save_card(id, seen_rev, rev, state, said, expires_on, remark)$
UPDATE supply_cards SET rev = :rev, state = :state, said = :said,
    expires_on = CAST(:expires_on AS TEXT), remark = CAST(:remark AS TEXT)
WHERE id = :id AND rev = :seen_rev
RETURNING id;

-- name: cards_of_base(base_id, most)
SELECT c.*, b.city, b.kind FROM supply_cards c JOIN bases b ON b.id = c.base_id
WHERE c.base_id = :base_id AND c.state <> 'withdrawn' ORDER BY c.id DESC LIMIT :most;

-- name: cards_in(states, most)
SELECT c.*, b.city, b.kind FROM supply_cards c JOIN bases b ON b.id = c.base_id
WHERE c.state = ANY(:states) ORDER BY c.id LIMIT :most;

-- name: insert_introduction(offer_id, seek_id, released_by, now)$
INSERT INTO introductions (offer_id, seek_id, standing, rev, offer_agreed, seek_agreed, released_by, released_at)
SELECT :offer_id, :seek_id, 'released', 0, FALSE, FALSE, :released_by, CAST(:now AS BIGINT)
WHERE TRUE
ON CONFLICT (offer_id, seek_id) DO NOTHING
RETURNING id;

-- name: introduction(id)^
SELECT id, offer_id, seek_id, standing, rev, offer_agreed, seek_agreed FROM introductions WHERE id = :id;

-- name: lock_introduction(id)^
SELECT id, offer_id, seek_id, standing, rev, offer_agreed, seek_agreed FROM introductions
WHERE id = :id FOR UPDATE;

-- name: introductions_of(card_id)
SELECT id, offer_id, seek_id, standing, rev, offer_agreed, seek_agreed FROM introductions
WHERE offer_id = :card_id OR seek_id = :card_id ORDER BY id;

-- name: save_introduction(id, seen_rev, rev, standing, offer_agreed, seek_agreed)$
UPDATE introductions SET rev = :rev, standing = :standing, offer_agreed = :offer_agreed, seek_agreed = :seek_agreed
WHERE id = :id AND rev = :seen_rev
RETURNING id;
