//! What the rest of the seed takes for granted of the words of each language.

use std::collections::BTreeSet;

use super::*;

const LOCALES: [SeedLocale; 5] = [
    SeedLocale::Mix,
    SeedLocale::En,
    SeedLocale::ZhCn,
    SeedLocale::Vi,
    SeedLocale::Uk,
];

fn markets() -> impl Iterator<Item = &'static Market> {
    LOCALES.into_iter().map(Market::of)
}

fn all_words() -> impl Iterator<Item = &'static Words> {
    markets().flat_map(|market| market.people.iter().map(|((_, words), _)| *words))
}

#[test]
fn everybody_is_served_by_people_of_their_country() {
    for market in markets() {
        for ((country, _), _) in market.people {
            let place = market.trade.department(*country, "nowhere in particular");
            assert_eq!(market.trade.departments[place].home, *country);
            assert_ne!(place, market.trade.key_accounts);
        }
        let names: BTreeSet<&str> = market.trade.departments.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), market.trade.departments.len());
    }
}

#[test]
fn regions_have_departments_of_their_own_where_a_house_sells_to_one_country() {
    let houses = [
        (SeedLocale::En, Country::Us, "Texas", "Sales South"),
        (SeedLocale::ZhCn, Country::Cn, "广东省", "华南销售部"),
        (
            SeedLocale::Vi,
            Country::Vn,
            "Đà Nẵng",
            "Kinh doanh miền Trung",
        ),
        (
            SeedLocale::Uk,
            Country::Ua,
            "Одеська область",
            "Продажі Південь",
        ),
    ];
    for (locale, country, region, name) in houses {
        let trade = Market::of(locale).trade;
        assert_eq!(
            trade.departments[trade.department(country, region)].name,
            name
        );
    }
}

#[test]
fn each_aside_has_one_place_for_what_it_gives_away() {
    for words in all_words() {
        for asides in [&words.noted, &words.written] {
            assert!(!asides.phone.is_empty() && !asides.mail.is_empty());
            for sentences in [asides.phone, asides.mail, asides.card, asides.id] {
                for sentence in sentences {
                    assert_eq!(sentence.matches("{}").count(), 1, "{sentence}");
                }
            }
        }
    }
}

#[test]
fn somebody_of_every_age_does_something() {
    for words in all_words() {
        for age in 18..=110 {
            let fits = |work: &&(Occupation, u32)| (work.0.ages.0..=work.0.ages.1).contains(&age);
            assert!(words.occupations.iter().any(|work| fits(&work)), "{age}");
        }
    }
}

#[test]
fn every_language_has_a_name_for_every_product() {
    let house = Market::of(SeedLocale::Mix).trade;
    for words in all_words() {
        let mut names = BTreeSet::new();
        for (ours, theirs) in house.shelves.iter().zip(words.shelves) {
            assert_eq!(ours.code, theirs.code);
            assert_eq!(ours.products.len(), theirs.products.len());
            for ((name, _), (called, _)) in ours.products.iter().zip(theirs.products) {
                assert_eq!(house.product(words, name), *called);
                names.insert(*called);
            }
        }
        assert_eq!(names.len(), 60);
    }
    assert_eq!(house.product(&uk::WORDS, "Footrest"), "Підставка для ніг");
    assert_eq!(house.product(&uk::WORDS, "Own"), "Own");
}
