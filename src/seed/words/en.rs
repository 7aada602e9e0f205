//! English: customers of the United States and Great Britain.

use super::{Country, Occupation, Place, SeedLocale, Words};

mod house;

pub(super) const WORDS: Words = Words {
    locale: SeedLocale::En,
    places: PLACES,
    occupations: OCCUPATIONS,
    departments: house::DEPARTMENTS,
    key_accounts: 4,
    shelves: house::SHELVES,
    praises: house::PRAISES,
    campaigns: house::CAMPAIGNS,
    talks: house::TALKS,
    complaints: house::COMPLAINTS,
    requests: house::REQUESTS,
    deals: house::DEALS,
    notes: house::NOTES,
    phone_notes: house::PHONE_NOTES,
    odd_names: [
        "X",
        "Maximiliana Wilhelmina Theodora Bartholomea Featherstonehaugh-Cholmondeley-Beauchamp of Upper Marjoribanks",
        "Robin 🎈 Carter",
        "Zoe\u{301} Bru\u{308}nger",
    ],
    female: FEMALE,
    male: MALE,
    streets: STREETS,
    languages: &[("en-US", 88), ("es-US", 12)],
};

const PLACES: &[(Place, u32)] = &[
    (
        place("New York", "New York", ("100", "212"), Country::Us, 1),
        14,
    ),
    (
        place("Boston", "Massachusetts", ("021", "617"), Country::Us, 0),
        7,
    ),
    (
        place(
            "Philadelphia",
            "Pennsylvania",
            ("191", "215"),
            Country::Us,
            1,
        ),
        6,
    ),
    (
        place("Chicago", "Illinois", ("606", "312"), Country::Us, 0),
        10,
    ),
    (
        place("Detroit", "Michigan", ("482", "313"), Country::Us, 0),
        4,
    ),
    (
        place("Minneapolis", "Minnesota", ("554", "612"), Country::Us, 0),
        4,
    ),
    (
        place("Atlanta", "Georgia", ("303", "404"), Country::Us, 2),
        7,
    ),
    (place("Miami", "Florida", ("331", "305"), Country::Us, 2), 8),
    (place("Houston", "Texas", ("770", "713"), Country::Us, 2), 8),
    (place("Austin", "Texas", ("787", "512"), Country::Us, 2), 5),
    (
        place("Denver", "Colorado", ("802", "303"), Country::Us, 3),
        5,
    ),
    (
        place("Phoenix", "Arizona", ("850", "602"), Country::Us, 3),
        4,
    ),
    (
        place("Los Angeles", "California", ("900", "213"), Country::Us, 3),
        12,
    ),
    (
        place(
            "San Francisco",
            "California",
            ("941", "415"),
            Country::Us,
            3,
        ),
        7,
    ),
    (
        place("Seattle", "Washington", ("981", "206"), Country::Us, 3),
        6,
    ),
    (
        place(
            "Washington",
            "District of Columbia",
            ("200", "202"),
            Country::Us,
            1,
        ),
        6,
    ),
    (
        place("London", "Greater London", ("SE1", ""), Country::Gb, 5),
        8,
    ),
    (
        place(
            "Manchester",
            "Greater Manchester",
            ("M4", ""),
            Country::Gb,
            5,
        ),
        4,
    ),
    (
        place("Edinburgh", "Scotland", ("EH3", ""), Country::Gb, 5),
        3,
    ),
    (place("Bristol", "Bristol", ("BS1", ""), Country::Gb, 5), 3),
];

const OCCUPATIONS: &[(Occupation, u32)] = &[
    (work("Student", (18, 27), (0, 18)), 9),
    (work("Barista", (18, 45), (22, 34)), 4),
    (work("Retail assistant", (18, 64), (24, 38)), 7),
    (work("Electrician", (20, 65), (42, 88)), 5),
    (work("Nurse", (22, 65), (58, 98)), 7),
    (work("Primary school teacher", (23, 66), (44, 82)), 6),
    (work("Truck driver", (21, 64), (40, 72)), 5),
    (work("Chef", (20, 60), (34, 76)), 4),
    (work("Software engineer", (22, 62), (85, 190)), 9),
    (work("Data analyst", (22, 60), (62, 128)), 5),
    (work("Accountant", (23, 66), (55, 118)), 6),
    (work("Civil engineer", (24, 66), (68, 132)), 4),
    (work("Graphic designer", (21, 60), (40, 86)), 4),
    (work("Journalist", (23, 66), (38, 84)), 2),
    (work("Pharmacist", (25, 66), (98, 148)), 3),
    (work("Lawyer", (26, 70), (88, 260)), 4),
    (work("Physician", (29, 70), (160, 380)), 4),
    (work("Architect", (26, 68), (66, 142)), 3),
    (work("Sales manager", (27, 65), (70, 165)), 6),
    (work("Operations director", (35, 66), (120, 290)), 3),
    (work("Professor", (34, 72), (82, 175)), 2),
    (work("Self-employed", (25, 70), (28, 210)), 5),
    (work("Retired", (62, 110), (18, 74)), 40),
];

const FEMALE: &[&str] = &[
    "Ada", "Alice", "Amelia", "Ana", "Andrea", "Beatrice", "Bianca", "Carmen", "Caroline", "Chloe",
    "Clara", "Daniela", "Diana", "Eleanor", "Elena", "Emily", "Emma", "Esther", "Fatima",
    "Florence", "Gabriela", "Grace", "Hannah", "Helen", "Ines", "Irene", "Isabella", "Jasmine",
    "Jessica", "Joanna", "Julia", "Karen", "Keisha", "Laura", "Leah", "Linda", "Lucia", "Margaret",
    "Maria", "Maya", "Megan", "Naomi", "Natalie", "Nicole", "Olivia", "Patricia", "Priya",
    "Rachel", "Rebecca", "Rosa", "Ruth", "Samantha", "Sarah", "Sofia", "Sophie", "Tamika",
    "Teresa", "Valerie", "Victoria", "Yasmin", "Zoe",
];

const MALE: &[&str] = &[
    "Aaron", "Adam", "Ahmed", "Alan", "Albert", "Andrew", "Anthony", "Arthur", "Benjamin",
    "Brandon", "Brian", "Carlos", "Charles", "Daniel", "David", "Dennis", "Diego", "Edward",
    "Elijah", "Eric", "Ethan", "Felix", "Francis", "Gabriel", "George", "Gregory", "Harold",
    "Henry", "Hugo", "Isaac", "Ivan", "Jack", "Jacob", "Jamal", "James", "Jason", "Javier",
    "Jeremy", "John", "Jonathan", "Joseph", "Joshua", "Kevin", "Kofi", "Lamar", "Leon", "Liam",
    "Louis", "Lucas", "Marcus", "Mark", "Martin", "Matthew", "Michael", "Miguel", "Nathan",
    "Nicholas", "Oliver", "Oscar", "Patrick", "Paul", "Peter", "Rafael", "Raj", "Raymond",
    "Richard", "Robert", "Samuel", "Sean", "Simon", "Stephen", "Theodore", "Thomas", "Victor",
    "Walter", "William",
];

const STREETS: &[&str] = &[
    "Street", "Avenue", "Road", "Lane", "Drive", "Way", "Court", "Close", "Terrace",
];

const fn place(
    city: &'static str,
    region: &'static str,
    (postal, area): (&'static str, &'static str),
    country: Country,
    department: usize,
) -> Place {
    Place {
        city,
        region,
        postal,
        area,
        country,
        department,
    }
}

const fn work(title: &'static str, ages: (i64, i64), income: (i64, i64)) -> Occupation {
    Occupation {
        title,
        ages,
        income,
    }
}
