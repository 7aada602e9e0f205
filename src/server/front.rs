//! The routes.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request};
use axum::response::{Redirect, Response};
use axum::routing::get;
use tower::{BoxError, ServiceExt as _};

use super::app::App;
use super::{graphiql, graphql, health, layers, refusal};

const GRAPHQL: &str = "/graphql";

/// Answers every request.
#[derive(Debug)]
pub struct Front {
    app: Arc<App>,
    routes: Router,
}

impl Front {
    /// Every route.
    pub fn new(app: &Arc<App>) -> Self {
        let routes = Router::new()
            .route("/", get(|| async { Redirect::to("/graphiql") }))
            .route(GRAPHQL, get(graphql::by_get).post(posted))
            .route("/graphiql", get(graphiql::page))
            .route("/graphiql/{file}", get(graphiql::asset))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .fallback(refusal::not_found)
            .method_not_allowed_fallback(refusal::method_not_allowed)
            .with_state(Arc::clone(app));
        Self {
            app: Arc::clone(app),
            routes: layers::wrap(routes, app),
        }
    }

    /// The answer to a request. What nearly all of them are, `POST /graphql`, need not be looked for among the routes.
    pub async fn answer<B>(&self, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        if request.method() == Method::POST && request.uri().path() == GRAPHQL {
            return layers::pass(&self.app, GRAPHQL, request, async |request| {
                let (parts, body) = request.into_parts();
                graphql::by_post(&self.app, &parts.headers, body).await
            })
            .await;
        }
        let routes = self.routes.clone();
        match routes.oneshot(request.map(Body::new)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// For whoever asks which methods `/graphql` has.
async fn posted(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    graphql::by_post(&app, &headers, body).await
}
