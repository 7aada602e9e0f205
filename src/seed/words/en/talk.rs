//! What is said by customers and about them.

use crate::seed::words::Asides;

pub(super) const TALKS: &[(&str, &str)] = &[
    (
        "Welcome call",
        "Introduced ourselves and walked through the account.",
    ),
    (
        "Renewal of the service plan",
        "Happy with the plan; will decide next month.",
    ),
    (
        "Question about an invoice",
        "Explained the second line of the invoice; settled.",
    ),
    (
        "Product advice",
        "Compared two models; leaning towards the smaller one.",
    ),
    (
        "Delivery window",
        "Agreed on a delivery between nine and noon.",
    ),
    (
        "Feedback after purchase",
        "Very satisfied, would recommend us.",
    ),
    (
        "Price negotiation",
        "Asked for a volume discount; offer follows.",
    ),
    (
        "Annual review",
        "Looked back on the year; interested in the spring offers.",
    ),
    ("Missed call returned", "Reached voicemail, left a message."),
    ("Trade-in programme", "Wants to hand in the old device."),
];

pub(super) const COMPLAINTS: &[(&str, &str)] = &[
    (
        "Parcel arrived damaged",
        "The box of the {product} was crushed on one side and the lid does not close any more. Please send a replacement.",
    ),
    (
        "Wrong item delivered",
        "I ordered the {product} in black and received it in white.",
    ),
    (
        "Charged twice",
        "My statement shows the same amount twice on the same day. Please refund one of them.",
    ),
    (
        "Stopped working after two weeks",
        "The {product} was fine at first, now it does not turn on.",
    ),
    (
        "Delivery later than promised",
        "I am waiting for the {product}. The tracking page has said tomorrow for six days.",
    ),
    (
        "Unfriendly on the phone",
        "I waited half an hour and was then cut off.",
    ),
    (
        "Part missing",
        "There were no screws in the box of the {product}.",
    ),
    (
        "Refund still not here",
        "I sent the {product} back three weeks ago and have not seen any money.",
    ),
];

pub(super) const REQUESTS: &[(&str, &str)] = &[
    (
        "Change of address",
        "I have moved. Please use the new address for the next delivery.",
    ),
    (
        "Copy of an invoice",
        "Could you send me the invoice of my last order again?",
    ),
    (
        "How to reset the device",
        "The manual of the {product} does not say how to get back to the factory settings.",
    ),
    (
        "Spare part needed",
        "I am looking for the small rubber seal of the {product}.",
    ),
    ("Cancel the newsletter", "Please take me off the list."),
    (
        "Extend the warranty",
        "Is it possible to add two more years for the {product}?",
    ),
    (
        "Another delivery window",
        "Nobody is at home on Tuesday. Can the {product} come on Friday?",
    ),
];

pub(super) const QUESTIONS: &[(&str, &str)] = &[
    (
        "Do you deliver to an island",
        "I would like to order, but the form does not accept my address.",
    ),
    (
        "Cannot sign in",
        "The link for a new password never arrives.",
    ),
    ("Gift cards", "Can I pay with two gift cards at once?"),
];

pub(super) const DEALS: &[&str] = &[
    "Office equipment for a new team",
    "Extended service plan",
    "Bulk order for an event",
    "Renewal of the yearly contract",
    "Upgrade of the home office",
    "Smart home starter package",
    "Kitchen refit",
    "Garden set for a community project",
];

pub(super) const NOTES: &[&str] = &[
    "Prefers to be written to rather than called.",
    "Interested in trade-in offers.",
    "Met at the spring fair, very knowledgeable.",
    "Asks for invoices on paper.",
    "Speaks slowly on the phone; be patient.",
    "Works night shifts, do not call before noon.",
    "Recommended us to two colleagues.",
    "Had trouble with a parcel once; handle with care.",
    "Collects points and knows all the rules.",
];

pub(super) const NOTED: Asides = Asides {
    phone: &[
        "Best reached on {} after six.",
        "Asked to be called back on {}, not at work.",
        "{} is shared with the partner; leave no details on voicemail.",
        "Text {} before the driver comes.",
    ],
    mail: &[
        "Wants invoices at {} only.",
        "Mail to {} bounced once, now fine.",
        "Sent the brochure to {}.",
    ],
    card: &[
        "Paid by card {}, refund goes there.",
        "Read out the card {} although nobody asked.",
    ],
    id: &["Verified by tax id {}.", "Copy of {} seen at the counter."],
};

pub(super) const WRITTEN: Asides = Asides {
    phone: &[
        "You can reach me at {}.",
        "Please call me back: {}.",
        "My number is {}, best in the evening.",
        "Call {} if anything is unclear",
    ],
    mail: &[
        "My address is {}.",
        "Please answer to {}, not by post.",
        "Write to {}",
    ],
    card: &["I paid with {}.", "The card is {}, please refund it there."],
    id: &["For the form, my number is {}.", "My tax id: {}"],
};
