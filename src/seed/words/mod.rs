//! The words that fake data is made of, a folder a language. Persons and their addresses come from `sudare_policies::persons`.

use sudare_policies::persons::Country;

use super::SeedLocale;
use super::stream::Stream;

mod en;
mod mix;
#[cfg(test)]
mod tests;
mod uk;
mod vi;
mod zh_cn;

/// Who buys, and from what kind of house.
#[derive(Debug)]
pub(super) struct Market {
    pub(super) trade: &'static Trade,
    /// Where customers live and the words of their lives, each as often as its weight says.
    pub(super) people: &'static [((Country, &'static Words), u32)],
}

/// What a house is and sells, in its own language and currency.
#[derive(Debug)]
pub(super) struct Trade {
    pub(super) departments: &'static [Department],
    /// The department of the largest customers of all places, by its place in the list.
    pub(super) key_accounts: usize,
    pub(super) shelves: &'static [Shelf],
    /// What a product is good for.
    pub(super) praises: &'static [&'static str],
    /// Name and first day.
    pub(super) campaigns: &'static [(&'static str, (i32, u32, u32))],
    /// How much of its currency is worth a dollar, roughly.
    pub(super) dollar: i64,
}

/// A part of the house.
#[derive(Clone, Copy, Debug)]
pub(super) struct Department {
    pub(super) name: &'static str,
    pub(super) region: &'static str,
    /// Where its staff lives.
    pub(super) home: Country,
    /// Regions that it serves, or the code of a country for what of it nobody else serves.
    pub(super) serves: &'static [&'static str],
}

/// Products of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shelf {
    pub(super) category: &'static str,
    /// How their numbers begin.
    pub(super) code: &'static str,
    /// Name and price, in whole units.
    pub(super) products: &'static [(&'static str, i64)],
}

/// What is said by customers and about them.
#[derive(Debug)]
pub(super) struct Words {
    /// What people do, each as often as its weight says.
    pub(super) occupations: &'static [(Occupation, u32)],
    /// What the products of a house are called.
    pub(super) shelves: &'static [Shelf],
    /// Subject and summary.
    pub(super) talks: &'static [(&'static str, &'static str)],
    /// Subject and body; `{product}` is what was bought.
    pub(super) complaints: &'static [(&'static str, &'static str)],
    /// Subject and body; `{product}` is what was bought.
    pub(super) requests: &'static [(&'static str, &'static str)],
    /// Subject and body of those who have bought nothing.
    pub(super) questions: &'static [(&'static str, &'static str)],
    pub(super) deals: &'static [&'static str],
    /// Notes that name nobody.
    pub(super) notes: &'static [&'static str],
    /// What staff writes down.
    pub(super) noted: Asides,
    /// What customers write.
    pub(super) written: Asides,
    /// What stands between two sentences.
    pub(super) gap: &'static str,
    /// Full names that are hard to show well: very short, very long, with an emoji, with a combining mark.
    pub(super) odd_names: [&'static str; 4],
    /// The languages that people want to be addressed in.
    pub(super) languages: &'static [(&'static str, u32)],
}

/// Sentences that give away something of a customer's own. It stands where `{}` is.
#[derive(Debug)]
pub(super) struct Asides {
    pub(super) phone: &'static [&'static str],
    pub(super) mail: &'static [&'static str],
    pub(super) card: &'static [&'static str],
    pub(super) id: &'static [&'static str],
}

/// What a person does for a living.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Occupation {
    pub(super) title: &'static str,
    /// The youngest and the oldest who do it.
    pub(super) ages: (i64, i64),
    /// The least and the most that it earns in a year, in thousands.
    pub(super) income: (i64, i64),
}

impl Market {
    /// The market of a locale.
    pub(super) fn of(locale: SeedLocale) -> &'static Self {
        match locale {
            SeedLocale::Mix => &mix::MARKET,
            SeedLocale::En => &en::MARKET,
            SeedLocale::ZhCn => &zh_cn::MARKET,
            SeedLocale::Vi => &vi::MARKET,
            SeedLocale::Uk => &uk::MARKET,
        }
    }

    /// Where somebody lives, and the words of that life.
    pub(super) fn person(&self, stream: &mut Stream) -> (Country, &'static Words) {
        stream.one_of((Country::Us, &en::WORDS), self.people)
    }
}

impl Trade {
    /// The department that serves a region of a country, by its place in the list; the first if none does.
    pub(super) fn department(&self, country: Country, region: &str) -> usize {
        let serving = |name: &str| {
            let mut departments = self.departments.iter();
            departments.position(|department| department.serves.contains(&name))
        };
        serving(region)
            .or_else(|| serving(country.code()))
            .unwrap_or_default()
    }

    /// What these words call a product; its own name, if the house did not get it from here.
    pub(super) fn product<'a>(&self, words: &Words, name: &'a str) -> &'a str {
        let theirs = words.shelves.iter().map(|shelf| shelf.products);
        let pairs = self.shelves.iter().zip(theirs);
        let mut pairs = pairs.flat_map(|(ours, theirs)| ours.products.iter().zip(theirs));
        let called = pairs.find(|(ours, _)| ours.0 == name);
        called.map_or(name, |(_, theirs)| theirs.0)
    }
}

const fn department(
    name: &'static str,
    region: &'static str,
    home: Country,
    serves: &'static [&'static str],
) -> Department {
    Department {
        name,
        region,
        home,
        serves,
    }
}

const fn work(title: &'static str, ages: (i64, i64), income: (i64, i64)) -> Occupation {
    Occupation {
        title,
        ages,
        income,
    }
}
