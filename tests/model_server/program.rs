//! The scripted model server as a program: `model_server PORT`; `GET /` tells how many requests came.

#[path = "mod.rs"]
#[expect(dead_code, reason = "the tests look at more of it")]
mod model_server;

fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).expect("usage: model_server PORT");
    let server = model_server::ModelServer::start_at(port);
    println!("{}", server.base_url(""));
    loop {
        std::thread::park();
    }
}
