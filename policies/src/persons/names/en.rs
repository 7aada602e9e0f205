//! English names.

use rand::Rng;

use super::{Latin, Name, common};
use crate::persons::Gender;

/// A given and a family name.
pub(super) fn draw(gender: Gender, rng: &mut impl Rng) -> Name {
    let given = common(
        match gender {
            Gender::Female => FEMALE,
            Gender::Male => MALE,
        },
        rng,
    );
    let family = common(FAMILIES, rng);
    Name {
        latin: Latin::Plain,
        given: given.into(),
        middle: "".into(),
        family: family.into(),
    }
}

#[rustfmt::skip] // one letter of the alphabet after the other would tell less than a block of words
pub(in super::super) const FEMALE: &[&str] = &[
    "Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "Barbara", "Susan", "Jessica", "Sarah", "Karen",
    "Lisa", "Nancy", "Sandra", "Ashley", "Emily", "Kimberly", "Margaret", "Donna", "Michelle", "Carol",
    "Amanda", "Melissa", "Deborah", "Stephanie", "Rebecca", "Laura", "Helen", "Sharon", "Cynthia", "Amy",
    "Kathleen", "Angela", "Shirley", "Brenda", "Emma", "Anna", "Pamela", "Nicole", "Samantha", "Katherine",
    "Christine", "Rachel", "Carolyn", "Janet", "Maria", "Olivia", "Heather", "Diane", "Catherine", "Julie",
    "Victoria", "Joyce", "Lauren", "Kelly", "Christina", "Ruth", "Joan", "Virginia", "Judith", "Evelyn",
    "Hannah", "Andrea", "Megan", "Cheryl", "Jacqueline", "Madison", "Teresa", "Abigail", "Sophia", "Martha",
    "Sara", "Gloria", "Janice", "Kathryn", "Ann", "Isabella", "Judy", "Charlotte", "Julia", "Grace", "Amber",
    "Alice", "Denise", "Danielle", "Marilyn", "Beverly", "Diana", "Natalie", "Brittany", "Theresa", "Florence",
    "Beatrice", "Clara", "Eleanor", "Ivy", "Rosa", "Naomi", "Esther", "Fatima", "Priya", "Keisha", "Lucia",
    "Carmen", "Yasmin", "Zoe", "Freya", "Imogen", "Poppy", "Bronwen", "Fiona",
];

#[rustfmt::skip] // as above
pub(in super::super) const MALE: &[&str] = &[
    "James", "Robert", "John", "Michael", "David", "William", "Richard", "Joseph", "Thomas", "Christopher",
    "Charles", "Daniel", "Matthew", "Anthony", "Mark", "Donald", "Steven", "Andrew", "Paul", "Joshua", "Kenneth",
    "Kevin", "Brian", "George", "Timothy", "Ronald", "Jason", "Edward", "Jeffrey", "Ryan", "Jacob", "Gary",
    "Nicholas", "Eric", "Jonathan", "Stephen", "Larry", "Justin", "Scott", "Brandon", "Benjamin", "Samuel",
    "Gregory", "Alexander", "Patrick", "Frank", "Raymond", "Jack", "Dennis", "Jerry", "Tyler", "Aaron", "Jose",
    "Adam", "Nathan", "Henry", "Zachary", "Douglas", "Peter", "Kyle", "Noah", "Ethan", "Jeremy", "Christian",
    "Walter", "Keith", "Austin", "Roger", "Terrence", "Sean", "Gerald", "Carl", "Dylan", "Harold", "Jordan",
    "Bryan", "Lawrence", "Arthur", "Gabriel", "Bruce", "Logan", "Albert", "Willie", "Juan", "Elijah", "Wayne",
    "Randy", "Vincent", "Russell", "Louis", "Philip", "Oscar", "Felix", "Hugo", "Ivan", "Jamal", "Kofi", "Lamar",
    "Miguel", "Raj", "Ahmed", "Alistair", "Callum", "Duncan", "Graham", "Nigel", "Rhys", "Owen", "Gareth",
];

#[rustfmt::skip] // as above
pub(in super::super) const FAMILIES: &[&str] = &[
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez",
    "Hernandez", "Lopez", "Wilson", "Anderson", "Taylor", "Thomas", "Moore", "Jackson", "Martin", "Lee", "Perez",
    "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen",
    "King", "Wright", "Scott", "Torres", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera",
    "Campbell", "Mitchell", "Carter", "Roberts", "Evans", "Turner", "Phillips", "Parker", "Edwards", "Collins",
    "Stewart", "Morris", "Murphy", "Cook", "Rogers", "Morgan", "Cooper", "Peterson", "Reed", "Bailey", "Bell",
    "Kelly", "Howard", "Ward", "Cox", "Richardson", "Wood", "Watson", "Brooks", "Bennett", "Gray", "James",
    "Hughes", "Price", "Myers", "Long", "Foster", "Sanders", "Ross", "Morales", "Powell", "Sullivan", "Russell",
    "Ortiz", "Jenkins", "Perry", "Butler", "Barnes", "Fisher", "Henderson", "Coleman", "Simmons", "Patterson",
    "Jordan", "Reynolds", "Hamilton", "Graham", "Griffin", "Wallace", "West", "Cole", "Hayes", "Bryant", "Ellis",
    "Stevens", "Murray", "Ford", "Marshall", "Owens", "Harrison", "Woods", "Kennedy", "Wells", "Henry", "Chen",
    "Freeman", "Webb", "Tucker", "Burns", "Crawford", "Simpson", "Porter", "Hunter", "Gordon", "Shaw", "Hunt",
    "Palmer", "Black", "Holmes", "Stone", "Robertson", "Fox", "Mills", "Knight", "Lloyd", "Butcher", "Ashworth",
    "O'Brien", "O'Connor", "Fitzgerald", "MacDonald", "McCarthy", "Patel", "Khan", "Begum", "Okafor", "Mensah",
];
