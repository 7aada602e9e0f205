-- The rows of the benchmark: believable texts of believable lengths, and the same rows wherever it runs. `:customers` and the
-- other names stand for numbers of rows. Odd factors scatter what would otherwise stand in the order of the keys.
-- Who watches over references and uniqueness while rows are loaded one by one may rest: nothing here breaks them.
SET session_replication_role = replica;

INSERT INTO department (id, name, region)
SELECT n, 'Department ' || n, (ARRAY['North', 'South', 'East', 'West'])[1 + n % 4]
FROM generate_series(1, 10) AS n;

INSERT INTO employee (id, name, email, phone, department_id, manager_id, hired_on)
SELECT n, 'Employee ' || n, 'employee.' || n || '@sudare.example', '+1 415-555-' || lpad((n % 10000)::text, 4, '0'),
       1 + n % 10, NULL, DATE '2012-01-01' + n
FROM generate_series(1, :employees) AS n;

INSERT INTO product (id, sku, name, category, description, price, active, created_at)
SELECT n, 'SKU-' || lpad(n::text, 6, '0'),
       (ARRAY['Oak', 'Steel', 'Linen', 'Copper', 'Walnut', 'Cotton', 'Glass'])[1 + n % 7] || ' '
           || (ARRAY['table', 'lamp', 'chair', 'kettle', 'shelf', 'blanket', 'mirror', 'desk', 'vase'])[1 + n % 9] || ' No. ' || n,
       (ARRAY['furniture', 'kitchen', 'textiles', 'light'])[1 + n % 4],
       'Made by hand, and good for many years of daily use.', (500 + n * 7919 % 50000)::numeric / 100, n % 20 <> 0,
       TIMESTAMPTZ '2020-01-01 00:00:00Z' + n * INTERVAL '1 hour'
FROM generate_series(1, :products) AS n;

INSERT INTO customer (id, full_name, email, phone, national_id, bank_card, birth_date, gender, marital_status, occupation,
    annual_income, country, language, address_line, city, region, postal_code, lifecycle_stage, preferences, notes,
    consent_marketing, consent_analytics, owner_id, department_id, version, created_at, updated_at)
SELECT n, first || ' ' || last, lower(first || '.' || last) || n || '@example.com',
       '+1 ' || 212 + a % 700 || '-555-' || lpad((n % 10000)::text, 4, '0'),
       lpad((a % 900)::text, 3, '1') || '-' || lpad((n % 90)::text, 2, '0') || '-' || lpad((a % 10000)::text, 4, '0'),
       '4000' || lpad(a::text, 12, '7'), DATE '1945-01-01' + (a % 22000)::int,
       (ARRAY['FEMALE', 'MALE', 'DIVERSE', NULL])[1 + n % 4], (ARRAY['SINGLE', 'MARRIED', 'DIVORCED', 'WIDOWED'])[1 + a % 4],
       (ARRAY['Teacher', 'Nurse', 'Engineer', 'Electrician', 'Accountant', 'Cook'])[1 + a % 6],
       CASE WHEN n % 7 = 0 THEN NULL ELSE (2000000 + a * 97 % 12000000)::numeric / 100 END,
       'US', 'en', a % 9000 || ' ' || (ARRAY['Oak Street', 'Maple Avenue', 'Lake Road', 'Hill Drive'])[1 + a % 4],
       (ARRAY['Springfield', 'Austin', 'Portland', 'Madison', 'Denver', 'Salem', 'Dover', 'Georgetown'])[1 + a % 8],
       (ARRAY['IL', 'TX', 'OR', 'WI', 'CO'])[1 + a % 5], lpad((a % 100000)::text, 5, '0'),
       (ARRAY['ACTIVE', 'ACTIVE', 'ACTIVE', 'POTENTIAL', 'LOST'])[1 + a % 5], '{"newsletter":true,"theme":"dark"}',
       CASE WHEN n % 3 = 0 THEN 'Prefers to be called in the afternoon; asked for the new catalogue.' END,
       n % 2 = 0, n % 3 = 0, 1 + a % :employees, 1 + n % 10, 1,
       -- No two at one time: an odd factor below a power of two meets every number once.
       TIMESTAMPTZ '2021-01-01 00:00:00Z' + (n * 2654435761 % 134217728) * INTERVAL '1 second',
       TIMESTAMPTZ '2025-06-01 00:00:00Z' + n % 10000000 * INTERVAL '1 second'
FROM (
    SELECT n, a,
           (ARRAY['Olivia', 'Liam', 'Emma', 'Noah', 'Sofia', 'Mateo', 'Anna', 'Lucas', 'Marguerite', 'Christopher', 'Zoë'])[1 + a % 11] AS first,
           (ARRAY['Smith', 'Johnson', 'Nguyen', 'García', 'Okafor', 'Lindqvist', 'Bennett', 'Papadopoulos', 'O''Connor', 'Wu', 'Kowalski',
               'Haddad', 'Brown'])[1 + n % 13] AS last
    FROM (SELECT n, n * 7919 % 99991 + n / 99991 AS a FROM generate_series(1, :customers::bigint) AS n) AS numbers
) AS persons;

INSERT INTO address (id, customer_id, kind, address_line, city, region, postal_code, country, created_at)
SELECT n, 1 + n % :customers, (ARRAY['HOME', 'WORK', 'BILLING', 'SHIPPING'])[1 + n % 4],
       n % 9000 || ' ' || (ARRAY['Oak Street', 'Maple Avenue', 'Lake Road', 'Hill Drive'])[1 + n % 4],
       (ARRAY['Springfield', 'Austin', 'Portland', 'Madison', 'Denver'])[1 + n % 5], 'TX', lpad((n % 100000)::text, 5, '0'), 'US',
       TIMESTAMPTZ '2021-01-01 00:00:00Z' + n % 100000000 * INTERVAL '1 second'
FROM generate_series(1, :addresses::bigint) AS n;

-- The orders of one customer lie far from each other, as they do where orders come in day by day.
INSERT INTO "order" (id, customer_id, order_no, placed_at, status, total_amount)
SELECT n, 1 + n * 7919 % :customers, 'SO-' || lpad(n::text, 8, '0'),
       TIMESTAMPTZ '2021-06-01 00:00:00Z' + (n * 2654435761 % 134217728) * INTERVAL '1 second',
       (ARRAY['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'DELIVERED', 'CANCELLED', 'RETURNED'])[1 + n % 7],
       (500 + n * 7919 % 200000)::numeric / 100
FROM generate_series(1, :orders::bigint) AS n;

INSERT INTO order_item (id, order_id, product_id, quantity, unit_price)
SELECT n, 1 + (n - 1) % :orders, 1 + n * 7919 % :products, 1 + n % 4, (500 + n * 7919 % 50000)::numeric / 100
FROM generate_series(1, :items::bigint) AS n;

SET session_replication_role = DEFAULT;
