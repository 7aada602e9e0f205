//! `schema.graphql` is the schema that the server has, and a role's is what the role can use.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition,
};
use serde_json::{Value as Json, json};
use sudare::config::Limits;
use sudare_entities::catalog::Entity;

use crate::harness::{ROLES, TestGateway, claims, demo, policies};
use crate::process::{run, sudare};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let (output, text, errors) = run(sudare(folder.path(), &["schema"]));
    assert!(output.status.success(), "{errors}");
    let committed = include_str!("../../schema.graphql");
    assert!(
        text == committed,
        "schema.graphql has drifted: write it anew with `sudare schema > schema.graphql`"
    );
}

/// Types by name, each with all that it offers: fields with their types and arguments, values of enums.
type Offers = BTreeMap<String, BTreeSet<String>>;

/// What an SDL offers.
fn defined(sdl: &str) -> Offers {
    let inputs = |fields: &[Positioned<InputValueDefinition>]| -> Vec<String> {
        let fields = fields.iter().map(|field| &field.node);
        let named = fields.map(|field| format!("{}: {}", field.name.node, field.ty.node));
        named.collect()
    };
    let outputs = |fields: &[Positioned<FieldDefinition>]| -> BTreeSet<String> {
        let fields = fields.iter().map(|field| &field.node);
        let named = fields.map(|field| {
            offer(
                &field.name.node,
                inputs(&field.arguments),
                &field.ty.node.to_string(),
            )
        });
        named.collect()
    };
    let document = parse_schema(sdl).unwrap();
    let types = document
        .definitions
        .into_iter()
        .filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some(ty.node),
            _ => None,
        });
    let types = types.filter(|ty| !matches!(ty.kind, TypeKind::Scalar));
    let offers = types.map(|ty| {
        let offers = match &ty.kind {
            TypeKind::Object(object) => outputs(&object.fields),
            TypeKind::Interface(interface) => outputs(&interface.fields),
            TypeKind::InputObject(input) => inputs(&input.fields).into_iter().collect(),
            TypeKind::Enum(values) => values
                .values
                .iter()
                .map(|value| value.node.value.node.to_string())
                .collect(),
            TypeKind::Union(_) | TypeKind::Scalar => BTreeSet::new(),
        };
        (ty.name.node.to_string(), offers)
    });
    offers.collect()
}

fn offer(name: &str, mut arguments: Vec<String>, ty: &str) -> String {
    arguments.sort();
    format!("{name}({}): {ty}", arguments.join(", "))
}

/// What introspection offers a role.
async fn introspected(role: &str) -> Offers {
    let ty = "type { ...T }";
    let query = format!(
        "{{ __schema {{ types {{ kind name
            fields(includeDeprecated: true) {{ name {ty} args {{ name {ty} }} }}
            inputFields {{ name {ty} }} enumValues(includeDeprecated: true) {{ name }} }} }} }}
        fragment T on __Type {{ kind name ofType {{ kind name ofType {{ kind name ofType {{ kind name }} }} }} }}"
    );
    let answer = demo().query(role, &query).await;
    let types = answer.data()["__schema"]["types"].as_array().unwrap();
    let name = |named: &Json| named["name"].as_str().unwrap().to_owned();
    let all = |list: &Json| list.as_array().cloned().unwrap_or_default();
    let input = |input: &Json| format!("{}: {}", name(input), reference(&input["type"]));
    let types = types
        .iter()
        .filter(|ty| ty["kind"] != "SCALAR" && !name(ty).starts_with("__"));
    let offers = types.map(|ty| {
        let fields = all(&ty["fields"]).into_iter().map(|field| {
            let arguments = all(&field["args"]).iter().map(input).collect();
            offer(&name(&field), arguments, &reference(&field["type"]))
        });
        let inputs: Vec<String> = all(&ty["inputFields"]).iter().map(input).collect();
        let values: Vec<String> = all(&ty["enumValues"]).iter().map(name).collect();
        (name(ty), fields.chain(inputs).chain(values).collect())
    });
    offers.collect()
}

/// A type as a document writes it.
fn reference(ty: &Json) -> String {
    match ty["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", reference(&ty["ofType"])),
        "LIST" => format!("[{}]", reference(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn the_schema_of_a_role_is_the_one_that_introspection_shows() {
    let folder = tempfile::tempdir().unwrap();
    for role in ROLES {
        let claims = claims(role);
        let subject = claims["sub"].as_str().unwrap();
        let arguments = [
            "schema",
            "--role",
            role,
            "--subject",
            subject,
            "--claim",
            "department_id=1",
        ];
        let (output, sdl, errors) = run(sudare(folder.path(), &arguments));
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors, "", "no claim is missing");
        let (printed, shown) = (defined(&sdl), introspected(role).await);
        assert!(printed.values().map(BTreeSet::len).sum::<usize>() > 100);
        for name in printed.keys().chain(shown.keys()) {
            assert_eq!(printed.get(name), shown.get(name), "{role}: `{name}`");
        }
    }
}

/// What `me` says that a role may do with the fields of an entity; `None` where it does not have the entity.
async fn capabilities(role: &str, entity: &str) -> Option<Vec<Json>> {
    let query = format!(
        "{{ me {{ capabilities(entity: \"{entity}\") {{ field tier filter sort group aggregate create update }} }} }}"
    );
    let answer = demo().query(role, &query).await;
    (answer.status == 200).then(|| {
        answer.data()["me"]["capabilities"]
            .as_array()
            .unwrap()
            .clone()
    })
}

/// What introspection and `me` say to a role of an entity that it has.
struct Told<'a> {
    whose: String,
    entity: &'a Entity,
    offers: &'a Offers,
    capabilities: Vec<Json>,
}

impl Told<'_> {
    /// What a type of the entity offers, if it is there.
    fn offered(&self, ty: &str) -> BTreeSet<&str> {
        let names = self.offers.get(&format!("{}{ty}", self.entity.name));
        let names = names.into_iter().flatten();
        names.map(|name| name.split(':').next().unwrap()).collect()
    }

    /// The fields of the entity among them.
    fn own(&self, ty: &str) -> BTreeSet<&str> {
        let mut own = self.offered(ty);
        own.retain(|name| self.entity.field(name).is_some());
        own
    }

    /// The fields of which `me` says this.
    fn able(&self, what: &str) -> BTreeSet<&str> {
        let able = self.capabilities.iter().filter(|field| field[what] == true);
        able.map(|field| field["field"].as_str().unwrap()).collect()
    }

    fn shouted(&self, what: &str) -> BTreeSet<String> {
        let able = self.able(what).into_iter();
        able.map(heck::ToShoutySnakeCase::to_shouty_snake_case)
            .collect()
    }

    fn check_clauses(&self, other_keys: bool) {
        let mut filter = self.own("Filter");
        // A key under another number is compared by `eq` and `in`, which is not what `filter` stands for.
        filter.retain(|name| {
            let position = self.entity.field(name).unwrap();
            let is_key =
                position == self.entity.key || self.entity.fields[position].references.is_some();
            !(other_keys && is_key) || self.able("filter").contains(name)
        });
        assert_eq!(filter, self.able("filter"), "{}", self.whose);
        assert_eq!(self.own("OrderBy"), self.able("sort"), "{}", self.whose);
        let group = self.offered("GroupField").into_iter().map(str::to_owned);
        assert_eq!(
            group.collect::<BTreeSet<_>>(),
            self.shouted("group"),
            "{}",
            self.whose
        );
        let measures = ["DistinctHaving", "NumberHaving", "ValueHaving"].map(|ty| self.own(ty));
        let orders = ["DistinctOrderBy", "NumberOrderBy", "ValueOrderBy"].map(|ty| self.own(ty));
        assert_eq!(measures, orders, "{}", self.whose);
        let all: BTreeSet<&str> = measures.iter().flatten().copied().collect();
        assert_eq!(all, self.able("aggregate"), "{}", self.whose);
        // What is one person's value is for those alone who see it.
        assert!(
            measures[0].is_subset(&self.able("filter")),
            "{}",
            self.whose
        );
        assert!(
            measures[2].is_subset(&self.able("filter")),
            "{}",
            self.whose
        );
    }

    fn check_inputs(&self) {
        assert_eq!(
            self.own("UpdateInput"),
            self.able("update"),
            "{}",
            self.whose
        );
        let confirmed = self.offered("Field").into_iter().map(str::to_owned);
        assert_eq!(
            confirmed.collect::<BTreeSet<_>>(),
            self.shouted("update"),
            "{}",
            self.whose
        );
        let create = self.able("create");
        let fields = self.entity.fields.iter().enumerate();
        let mut required = fields.filter(|(position, field)| {
            *position != self.entity.key && field.kept.is_none() && !field.nullable
        });
        // No row can be made by whoever may not give all that it must have.
        let whole = required.all(|(_, field)| create.contains(&*field.name));
        let create = if whole { create } else { BTreeSet::new() };
        assert_eq!(self.own("CreateInput"), create, "{}", self.whose);
    }
}

#[tokio::test]
async fn what_the_schema_of_a_role_offers_is_what_me_says_that_it_may() {
    let catalog = &demo().catalog;
    for role in ROLES {
        let offers = introspected(role).await;
        for entity in &catalog.entities {
            let Some(capabilities) = capabilities(role, &entity.name).await else {
                assert!(!offers.contains_key(&entity.name), "{role} {}", entity.name);
                continue;
            };
            let told = Told {
                whose: format!("{role} {}", entity.name),
                entity,
                offers: &offers,
                capabilities,
            };
            told.check_clauses(role == "partner");
            told.check_inputs();
            for relation in &entity.relations {
                let there = offers.contains_key(&catalog.entities[relation.target].name);
                let walked = told.offered("Filter").contains(&*relation.name);
                assert_eq!(walked, there, "{} {}", told.whose, relation.name);
            }
        }
    }
}

#[test]
fn a_claim_that_is_missing_and_a_role_that_is_not_there_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (output, sdl, errors) = run(sudare(folder.path(), &["schema", "--role", "support"]));
    assert!(output.status.success(), "{errors}");
    assert!(
        errors.contains("give `--claim department_id=VALUE`"),
        "{errors}"
    );
    assert!(errors.contains("give `--subject ID`"), "{errors}");
    assert!(!sdl.contains("type Customer "), "{sdl}");
    let (output, _, errors) = run(sudare(folder.path(), &["schema", "--role", "suport"]));
    assert!(!output.status.success());
    assert!(errors.contains("did you mean `support`?"), "{errors}");
}

/// Every place in a document where a name of an entity, or one made of it, may stand.
fn places(name: &str, single: &str, plural: &str) -> Vec<Json> {
    let documents = [
        format!("{{ {single}(id: 1) {{ id }} }}"),
        format!("{{ {plural} {{ totalCount }} }}"),
        format!("{{ {plural}Aggregate {{ count }} }}"),
        format!("{{ customers {{ nodes {{ {plural} {{ totalCount }} }} }} }}"),
        format!("{{ customers {{ nodes {{ {plural}Aggregate {{ count }} }} }} }}"),
        format!("{{ customers(filter: {{ {plural}: {{ some: {{}} }} }}) {{ totalCount }} }}"),
        format!(
            "{{ customers(filter: {{ not: {{ {plural}: {{ every: {{}} }} }} }}) {{ totalCount }} }}"
        ),
        format!("{{ node(nodeId: \"x\") {{ ... on {name} {{ id }} }} }}"),
        format!("{{ customers {{ nodes {{ ... on {name} {{ id }} }} }} }}"),
        format!("fragment F on {name} {{ id }} {{ node(nodeId: \"x\") {{ ...F }} }}"),
        format!("query($f: {name}Filter) {{ customers {{ totalCount }} }}"),
        format!("query($f: [{name}OrderBy!]) {{ customers {{ totalCount }} }}"),
        format!("{{ __type(name: \"{name}\") {{ name }} }}"),
        format!("{{ __type(name: \"{name}Filter\") {{ name }} }}"),
        format!("{{ me {{ capabilities(entity: \"{name}\") {{ field }} }} }}"),
        format!("mutation {{ create{name}(input: {{}}) {{ id }} }}"),
        format!("mutation {{ update{name}(id: 1, input: {{}}) {{ id }} }}"),
        format!("mutation {{ delete{name}(id: 1) {{ id }} }}"),
    ];
    let mut asks: Vec<Json> = documents
        .into_iter()
        .map(|query| json!({ "query": query }))
        .collect();
    let filter = "query($f: CustomerFilter) { customers(filter: $f) { totalCount } }";
    asks.push(json!({ "query": filter, "variables": { "f": { plural: { "some": {} } } } }));
    asks
}

#[tokio::test]
async fn an_entity_that_is_not_there_is_a_misspelt_name_in_every_place() {
    // Neither is there for the partner, and none of these is the beginning of another name.
    let hidden = places("Visit", "visit", "visits");
    let misspelt = places("Vizit", "vizit", "vizits");
    for (hidden, misspelt) in hidden.into_iter().zip(misspelt) {
        let hidden_answer = demo()
            .request(Some(claims("partner")), hidden.clone())
            .await;
        let misspelt_answer = demo().request(Some(claims("partner")), misspelt).await;
        let text = hidden_answer
            .text
            .replace("Visit", "Vizit")
            .replace("visit", "vizit");
        assert_eq!(
            (hidden_answer.status, text),
            (misspelt_answer.status, misspelt_answer.text),
            "{hidden}"
        );
    }
}

/// A role that has orders and what is in them, may make some, and does not have whose they are.
const PACKER: &str = "
g, packer, everyone
p, packer, Order, row, true, allow
p, packer, Order, create, true, allow
p, packer, OrderItem, row, true, allow
p, packer, commerce, full, true, allow
p, packer, key, full, true, allow
";

/// Documents with the field of an entity as `@`, and its type as `#`.
const BEHIND_ORDERS: [&str; 21] = [
    "{ orders { nodes { @ { id } } } }",
    "{ order(id: 1) { @ { nodeId } } }",
    "{ orderItems { nodes { order { @ { id } } } } }",
    "{ orders(filter: { @: {} }) { totalCount } }",
    "{ orders(filter: { or: [{ not: { @: { id: { eq: 1 } } } }] }) { totalCount } }",
    "{ orderItems(filter: { order: { @: {} } }) { totalCount } }",
    "{ orders(orderBy: [{ @: { id: ASC } }]) { totalCount } }",
    "{ orderItems(orderBy: [{ order: { @: { id: ASC } } }]) { totalCount } }",
    "{ ordersAggregate(filter: { @: {} }) { count } }",
    "{ ordersAggregate(groupBy: [{ @: { field: ID } }]) { count } }",
    "{ orderItemsAggregate(groupBy: [{ order: { @: { field: ID } } }]) { count } }",
    "{ ordersAggregate(groupBy: [{ field: STATUS }]) { key { @ { id } } } }",
    "{ orderItemsAggregate(groupBy: [{ field: QUANTITY }]) { key { order { @ { id } } } } }",
    "{ ordersAggregate(groupBy: [{ field: STATUS }], orderBy: [{ key: { @: { id: ASC } } }]) { count } }",
    "{ @Lookup(by: { phone: \"+49305550001\" }) { id } }",
    "{ node(nodeId: \"x\") { ... on # { id } } }",
    "{ me { capabilities(entity: \"#\") { field } } }",
    "mutation { create#(input: {}) { id } }",
    "mutation { create#s(input: [{}]) { id } }",
    "mutation { update#(id: 99999999, input: {}) { id } }",
    "mutation { delete#(id: 99999999) { id } }",
];

/// What follows the name of an entity in those of its types.
const ENDINGS: [&str; 21] = [
    "",
    "Filter",
    "ListFilter",
    "OrderBy",
    "GroupBy",
    "GroupField",
    "GroupKey",
    "GroupKeyOrderBy",
    "Having",
    "DistinctHaving",
    "NumberHaving",
    "ValueHaving",
    "AggregateOrderBy",
    "NumberOrderBy",
    "Aggregate",
    "Connection",
    "Edge",
    "CreateInput",
    "UpdateInput",
    "Field",
    "Lookup",
];

/// Every place in a document where an entity may stand that a to-one relation of `Order` leads to.
fn places_behind_orders(name: &str, single: &str) -> Vec<Json> {
    let documents = BEHIND_ORDERS
        .iter()
        .map(|text| text.replace('@', single).replace('#', name));
    let mut documents: Vec<String> = documents.collect();
    for ending in ENDINGS {
        documents.push(format!("{{ __type(name: \"{name}{ending}\") {{ name }} }}"));
        documents.push(format!("query($v: {name}{ending}) {{ me {{ id }} }}"));
        documents.push(format!("query($v: [{name}{ending}!]!) {{ me {{ id }} }}"));
    }
    let mut asks: Vec<Json> = documents
        .into_iter()
        .map(|query| json!({ "query": query }))
        .collect();
    for (query, given) in [
        (
            "query($v: OrderFilter) { orders(filter: $v) { totalCount } }",
            json!({ single: {} }),
        ),
        (
            "query($v: [OrderOrderBy!]) { orders(orderBy: $v) { totalCount } }",
            json!([{ single: { "id": "ASC" } }]),
        ),
        (
            "query($v: [OrderGroupBy!]) { ordersAggregate(groupBy: $v) { count } }",
            json!([{ single: { "field": "ID" } }]),
        ),
    ] {
        asks.push(json!({ "query": query, "variables": { "v": given } }));
    }
    asks
}

#[tokio::test]
async fn a_hidden_entity_behind_a_to_one_relation_is_a_misspelt_name_in_every_place() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.conf", "masking.toml"] {
        std::fs::copy(policies().join(name), folder.path().join(name)).unwrap();
    }
    let rules = std::fs::read_to_string(policies().join("policy.csv")).unwrap();
    std::fs::write(folder.path().join("policy.csv"), format!("{rules}{PACKER}")).unwrap();
    let gateway = TestGateway::start(folder.path(), Limits::default());
    let seen = "{ orderItems(first: 1, filter: { order: { orderNo: { gt: \"\" } } }) { nodes { order { orderNo } } } }";
    assert_eq!(
        gateway.query("packer", seen).await.data()["orderItems"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let misspelt = places_behind_orders("Kustomer", "kustomer");
    for (hidden, misspelt) in places_behind_orders("Customer", "customer")
        .into_iter()
        .zip(misspelt)
    {
        let told = async |role: &str| {
            let hidden = gateway.request(Some(claims(role)), hidden.clone()).await;
            let misspelt = gateway.request(Some(claims(role)), misspelt.clone()).await;
            let text = hidden
                .text
                .replace("Customer", "Kustomer")
                .replace("customer", "kustomer");
            [(hidden.status, text), (misspelt.status, misspelt.text)]
        };
        let [there, nowhere] = told("packer").await;
        assert_eq!(there, nowhere, "{hidden}");
        // It is a name in this place: whoever has the entity is told something else.
        let [there, nowhere] = told("admin").await;
        assert_ne!(there, nowhere, "{hidden}");
    }
}
