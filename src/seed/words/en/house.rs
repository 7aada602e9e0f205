//! What the house sells, says and hears.

use crate::seed::words::Shelf;

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Audio",
        code: "AUD",
        products: &[
            ("Studio headphones", 189),
            ("Travel earbuds", 79),
            ("Bookshelf speaker pair", 349),
            ("Kitchen radio", 59),
            ("Soundbar", 229),
            ("Turntable", 279),
            ("Voice recorder", 69),
            ("Party speaker", 159),
            ("Noise-cancelling headset", 129),
            ("Desktop microphone", 99),
        ],
    },
    Shelf {
        category: "Home office",
        code: "OFF",
        products: &[
            ("Standing desk", 489),
            ("Ergonomic chair", 329),
            ("Monitor arm", 89),
            ("Desk lamp", 49),
            ("Mechanical keyboard", 109),
            ("Vertical mouse", 59),
            ("Document scanner", 149),
            ("Footrest", 39),
            ("Cable tray", 25),
            ("27-inch monitor", 299),
        ],
    },
    Shelf {
        category: "Kitchen",
        code: "KIT",
        products: &[
            ("Espresso machine", 429),
            ("Pour-over kettle", 65),
            ("Chef's knife", 89),
            ("Cast-iron pan", 45),
            ("Stand mixer", 379),
            ("Rice cooker", 79),
            ("Toaster", 55),
            ("Burr grinder", 119),
            ("Vacuum blender", 139),
            ("Bamboo board set", 29),
        ],
    },
    Shelf {
        category: "Outdoor",
        code: "OUT",
        products: &[
            ("Two-person tent", 219),
            ("Down sleeping bag", 159),
            ("Trekking poles", 69),
            ("Headlamp", 35),
            ("Trail backpack", 129),
            ("Camping stove", 49),
            ("Insulated bottle", 29),
            ("Rain jacket", 139),
            ("Hammock", 45),
            ("Folding chair", 39),
        ],
    },
    Shelf {
        category: "Smart home",
        code: "SMA",
        products: &[
            ("Smart thermostat", 149),
            ("Door sensor", 25),
            ("Light strip", 35),
            ("Video doorbell", 179),
            ("Smart plug", 19),
            ("Leak detector", 29),
            ("Robot vacuum", 389),
            ("Air quality monitor", 89),
            ("Smart lock", 199),
            ("Hub", 69),
        ],
    },
    Shelf {
        category: "Garden",
        code: "GAR",
        products: &[
            ("Cordless trimmer", 129),
            ("Pruning shears", 25),
            ("Raised bed", 85),
            ("Rain barrel", 95),
            ("Solar lanterns", 39),
            ("Compost bin", 69),
            ("Watering can", 19),
            ("Bird feeder", 29),
            ("Hose reel", 59),
            ("Bamboo blind", 45),
        ],
    },
];

pub(super) const DEPARTMENTS: &[(&str, &str)] = &[
    ("Sales North", "North"),
    ("Sales East", "East"),
    ("Sales South", "South"),
    ("Sales West", "West"),
    ("Key Accounts", "Nationwide"),
    ("International", "Overseas"),
];

pub(super) const CAMPAIGNS: &[(&str, (i32, u32, u32))] = &[
    ("Spring Refresh", (2024, 3, 4)),
    ("Back to the Desk", (2024, 8, 26)),
    ("Black Friday Early Access", (2024, 11, 18)),
    ("New Year, New Kitchen", (2025, 1, 6)),
    ("Garden Season Opening", (2025, 4, 7)),
    ("Summer Outdoors", (2025, 6, 16)),
    ("Smart Home Week", (2025, 10, 13)),
    ("Loyalty Double Points", (2026, 5, 11)),
];

pub(super) const PRAISES: &[&str] = &[
    "Made to last, with spare parts for ten years.",
    "The one that our own staff takes home.",
    "Quiet, light and easy to clean.",
    "Ships in a box without plastic.",
    "A small upgrade that is felt every day.",
];

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
        "The box was crushed on one side and the lid does not close any more. Please send a replacement.",
    ),
    (
        "Wrong item delivered",
        "I ordered the black one and received the white one.",
    ),
    (
        "Charged twice",
        "My statement shows the same amount twice on the same day. Please refund one of them.",
    ),
    (
        "Stopped working after two weeks",
        "It was fine at first, now it does not turn on. You can reach me at {phone}.",
    ),
    (
        "Delivery later than promised",
        "The tracking page has said tomorrow for six days.",
    ),
    (
        "Unfriendly on the phone",
        "I waited half an hour and was then cut off. Please call me back: {phone}.",
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
        "The manual does not say how to get back to the factory settings.",
    ),
    (
        "Spare part needed",
        "I am looking for the small rubber seal. Call me on {phone} if you need the number of the model.",
    ),
    ("Cancel the newsletter", "Please take me off the list."),
    (
        "Extend the warranty",
        "Is it possible to add two more years?",
    ),
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

pub(super) const PHONE_NOTES: &[&str] = &[
    "Best reached on {phone} after six.",
    "Asked to be called back on {phone}, not at work.",
    "{phone} is shared with the partner; leave no details on voicemail.",
];
