CREATE TABLE klant (id INTEGER PRIMARY KEY, naam TEXT NOT NULL, email TEXT, laatst DATE NOT NULL);
CREATE TABLE bon (id INTEGER PRIMARY KEY, klant_id INTEGER REFERENCES klant (id), datum DATE NOT NULL, wat TEXT);
INSERT INTO klant VALUES (1, 'H. Kuipers', 'Hanna@Example.org', '2026-12-01'), (2, 'Ilse Bos', 'ilse@example.org', '2017-04-08'),
    (3, 'Jan Prins', 'jan@example.org', '2026-10-02');
INSERT INTO bon VALUES (10, 1, '2026-12-01', 'toetsenbord'), (11, 2, '2017-04-08', 'muis'), (12, 3, '2026-10-02', 'beeldscherm');
