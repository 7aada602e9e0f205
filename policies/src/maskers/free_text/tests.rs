//! Notes as people write them, and what hides in them.

use proptest::prelude::*;

use super::super::harness::{assert_table, error_of, mask_for, masked, try_build};
use super::*;

const INNER: &str = "masks = { phone = { masker = \"phone\" }, email = { masker = \"email\" } }";

#[test]
fn a_note_keeps_its_words() {
    let table = [
        (
            "Wants a call back on Monday.",
            "Wants a call back on Monday.",
        ),
        ("下午三点开会，第12号。", "下午三点开会,第12号。"),
        ("Оплата 1500 грн, ключ 42", "Оплата 1500 грн, ключ 42"),
        ("room 123, floor 45", "room 123, floor 45"),
        ("@anna said hi", "@anna said hi"),
        ("", "****"),
        ("\u{200B}\u{202E}", "****"),
    ];
    assert_table("free_text", "", &table);
}

#[test]
fn what_is_recognised_has_its_label() {
    let table = [
        ("call 13812341234 now", "call [PHONE] now"),
        ("call +86 138-1234-1234", "call [PHONE]"),
        (
            "call 0086 138 1234 1234 or (0755) 1234-5678",
            "call [PHONE] or [PHONE]",
        ),
        ("电话13812341234谢谢", "电话[PHONE]谢谢"),
        ("电话13812341234一共三次", "电话[PHONE]一共三次"),
        ("+84 912 345 678; +380 50 123 4567", "[PHONE]; [PHONE]"),
        ("call 663-546-3256 x9705 again", "call [PHONE] again"),
        ("call (663) 546-3256x9705", "call [PHONE]"),
        (
            "mail alice.b+x@mail.example.com, please",
            "mail [EMAIL], please",
        ),
        ("mail 张三@例子.中国", "mail [EMAIL]"),
        ("mail alice (at) example.com", "mail [EMAIL]"),
        ("mail alice   @   example.com", "mail [EMAIL]"),
        ("card 4111 1111 1111 1111.", "card [CARD]."),
        ("card 3782-822463-10005", "card [CARD]"),
        ("to GB82 WEST 1234 5698 7654 32 today", "to [IBAN] today"),
        ("to UA213223130000026007233566001", "to [IBAN]"),
        ("账号gb82west12345698765432。", "账号[IBAN]。"),
        ("id 11010519491231002X", "id [CN_ID]"),
        ("id 110105 19491231 002 x, ok", "id [CN_ID], ok"),
        ("id 110105491231002", "id [CN_ID]"),
        ("id 001190012345", "id [VN_ID]"),
        ("РНОКПП 3304512345", "РНОКПП [UA_ID]"),
    ];
    assert_table("free_text", "", &table);
}

#[test]
fn nothing_hides_between_two_characters() {
    for phone in [
        "１３８１２３４１２３４",
        "1\u{200B}3\u{200B}8\u{200B}1\u{200D}2341234",
        "138\u{202E}1234\u{2066}1234",
        "138\u{A0}1234\u{3000}1234",
        "138—1234–1234",
        "138·1234·1234",
        "¹³⁸¹²³⁴¹²³⁴",
        "𝟙𝟛𝟠𝟙𝟚𝟛𝟜𝟙𝟚𝟛𝟜",
        "1 3 8 1 2 3 4 1 2 3 4",
        "(138)1234-1234",
    ] {
        assert_eq!(
            masked("free_text", "", &format!("call {phone}")),
            "call [PHONE]",
            "{phone}"
        );
    }
}

#[test]
fn a_number_that_nobody_knows_is_hidden_too() {
    for number in [
        "1234567",
        "12 34 56 7",
        "1,2,3,4,5,6,7",
        "138/1234/1234",
        "1😀3😀8😀1😀2😀3😀4",
        "1\u{301}3\u{301}8\u{301}1\u{301}2\u{301}3\u{301}4",
        "1\u{20E3}3\u{20E3}8\u{20E3}1\u{20E3}2\u{20E3}3\u{20E3}4\u{20E3}",
        "١٣٨١٢٣٤١٢٣٤",
        "一三八一二三四一二三四",
        "幺三八 一二三四 一二三四",
        "138一二三四1234",
        "138 - - - 1234 ..... 1234",
        "E12345678",
        "AB12345678CD",
        // checksums that do not hold
        "4111 1111 1111 1112",
        "110105194912310021",
    ] {
        assert_eq!(
            masked("free_text", "", &format!("no {number}")),
            "no [NUMBER]",
            "{number}"
        );
    }
}

#[test]
fn letters_and_markup_between_digits_hide_nothing() {
    let table = [
        ("call 138x1234x1234", "call [NUMBER]"),
        ("call 138oo1234oo1234", "call [NUMBER]"),
        ("call 1a3b8c1d2e3f4g", "call [NUMBER]"),
        ("call 1 3x 8 1y 2 3 4 5", "call [NUMBER]"),
        ("call 138<b>1234</b>1234", "call [NUMBER]"),
        (
            r"call \u0031\u0033\u0038\u0031\u0032\u0033\u0034",
            r"call \[NUMBER]",
        ),
        (
            "call &#x31;&#x33;&#x38;&#x31;&#x32;&#x33;&#x34;",
            "call &#[NUMBER];",
        ),
        // words stay words
        ("1234 or 5678", "1234 or 5678"),
        ("у 2026 і 2027", "у 2026 і 2027"),
        ("2026年3月2日三点", "2026年3月2日三点"),
    ];
    assert_table("free_text", "", &table);
}

#[test]
fn digits_in_words_are_a_number() {
    let table = [
        (
            "call one three eight, one two three four now",
            "call [NUMBER] now",
        ),
        ("call ONE-three-8-one-2-double-four", "call [NUMBER]"),
        ("gọi không chín một hai ba bốn năm nhé", "gọi [NUMBER] nhé"),
        ("тел. нуль п’ять нуль один два три чотири", "тел. [NUMBER]"),
        ("壹叁捌壹贰叁肆", "[NUMBER]"),
        ("one or two, three at most", "one or two, three at most"),
    ];
    assert_table("free_text", "", &table);
}

#[test]
fn an_address_is_one_however_its_at_is_written() {
    for address in [
        "alice%40example.com",
        "alice&#64;example.com",
        "alice&#x40;example.com",
        "alice&commat;example.com",
        r"alice\u0040example.com",
        "alice {at} example.com",
        "alice<at>example(dot)com",
        "alice [ @ ] example [dot] com",
        "alice at example.com",
        "alice AT mail dot example DOT com",
        "alice            @            example.com",
        "\"alice b\"@example.com",
    ] {
        assert_eq!(
            masked("free_text", "", &format!("mail {address}, please")),
            "mail [EMAIL], please",
            "{address}"
        );
    }
    for words in ["meet at noon", "at 12.30 at home. Bring cake", "50% at 40."] {
        assert_eq!(masked("free_text", "", words), words);
    }
}

#[test]
fn what_stands_beside_a_number_does_not_leave_a_part_of_it() {
    // a phone within a longer number is no phone
    let table = [
        ("x 6222 13812341234 99", "x [PHONE]"),
        ("x 13812341234, 2 times", "x [PHONE] times"),
        ("x 7777777 (2)", "x [NUMBER])"),
        ("13812341234@example.com", "[EMAIL]"),
        ("13812341234 a@b.example", "[PHONE] [EMAIL]"),
        ("a@b@c", "[EMAIL]"),
    ];
    assert_table("free_text", "", &table);
}

#[test]
fn a_masker_may_stand_for_a_label() {
    let table = [
        (
            "call +86 138 1234 1234 or 13912341234.",
            "call +86 138 **** 1234 or 139****1234.",
        ),
        ("mail alice@b.com", "mail a***@b.com"),
        ("card 4111111111111111", "card [CARD]"),
        // with digits beside it, it is not known to be that alone
        ("call 13812341234, 2 times", "call [PHONE] times"),
    ];
    assert_table("free_text", INNER, &table);
    let token = "masks = { email = { masker = \"hmac_token\" } }";
    let [internal, partner] = ["internal", "partner"]
        .map(|audience| mask_for(audience, "free_text", token, "mail a@b.c"));
    assert_ne!(internal, partner);
    let hidden = "masks = { phone = { masker = \"null\" } }";
    assert_eq!(
        masked("free_text", hidden, "call 13812341234"),
        "call [PHONE]"
    );
}

#[test]
fn a_text_that_is_too_long_is_not_looked_at() {
    let words = "word ".repeat(LONGEST / 5);
    assert_eq!(masked("free_text", "", &words), words);
    assert_eq!(masked("free_text", "", &"a".repeat(LONGEST + 1)), "[TEXT]");
    // this one is long once it is written out
    assert_eq!(masked("free_text", "", &"ﷺ".repeat(LONGEST / 3)), "[TEXT]");
}

#[test]
fn long_runs_are_hidden_at_once() {
    for piece in [
        "1 ", "12,", "1", "GB82 ", "a@", "1x", "one ", "a at b.", "a@b     ", "\"a", "a%40",
    ] {
        let text = piece.repeat(LONGEST / piece.len() / 4);
        let shown = masked("free_text", "", &text);
        assert!(
            ["GB82 ", "a at b.", "\"a", "a@b     "].contains(&piece) || shown.len() < 20,
            "{piece}: {}",
            shown.len()
        );
    }
}

#[test]
fn mistakes_are_named() {
    assert_eq!(
        error_of(
            "free_text",
            "masks = { telephone = { masker = \"phone\" } }"
        ),
        "parameter `masks` of masker `free_text` must be maskers for some of `email`, `phone`, `card`, `iban`, `cn_id`, `vn_id`, \
         `ua_id`, `number`"
    );
    assert_eq!(
        error_of("free_text", "masks = { phone = \"phone\" }"),
        "`phone` of masker `free_text` must be a table such as `{ masker = \"phone\" }`"
    );
    assert_eq!(
        error_of(
            "free_text",
            "masks = { phone = { masker = \"phone\", first = 3 } }"
        ),
        "`phone` of masker `free_text`: masker `phone` has no parameter `first`; it takes none"
    );
    let needy = try_build("internal", "free_text", INNER, ValueKind::Text).unwrap();
    assert!(!needy.needs_subject());
}

proptest! {
    #[test]
    fn a_phone_never_comes_through(before in "[a-z ]{0,9}", digits in "1[3-9][0-9]{9}", separator in "[ ./·()\u{200B}\u{301}-]{0,3}", every in 1usize..5) {
        let phone: Vec<String> = digits.as_bytes().chunks(every).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
        let shown = masked("free_text", "", &format!("{before} {}", phone.join(&separator)));
        prop_assert!(!shown.contains(char::is_numeric), "{shown}");
    }
}

#[test]
fn numbers_are_told_from_what_only_looks_like_one() {
    let table = [
        // no number of North America could be mistaken for these mobiles
        ("call 13800138000 now", "call [PHONE] now"),
        ("call 8613800138000 now", "call [PHONE] now"),
        ("call 00442079460958 now", "call [PHONE] now"),
        ("call 0044207946 now", "call [PHONE] now"),
        ("call 2125550147 now", "call [PHONE] now"),
        ("ticket 2120104477 closed", "ticket [NUMBER] closed"),
        ("ticket 11111111111 closed", "ticket [NUMBER] closed"),
    ];
    assert_table("free_text", "", &table);
}
