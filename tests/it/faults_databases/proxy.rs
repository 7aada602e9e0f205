//! What lies between the gateway and a server, and can fall silent.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Passes everything on, or for a time nothing: it still takes connections, as the system does for a program that is stopped.
pub(super) struct Proxy {
    /// The URL of the database, by way of here.
    pub(super) url: String,
    held: Arc<(Mutex<bool>, Condvar)>,
}

impl Proxy {
    pub(super) fn start(url: &str) -> Self {
        let (before, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let held = Arc::<(Mutex<bool>, Condvar)>::default();
        let (server, gate) = (server.to_owned(), Arc::clone(&held));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(&server) else {
                    break;
                };
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                for (from, to) in [(client, server), back] {
                    let gate = Arc::clone(&gate);
                    thread::spawn(move || pass(from, to, &gate));
                }
            }
        });
        Self {
            url: format!("{before}@{here}/{name}"),
            held,
        }
    }

    /// From now on nothing gets through, or everything does again.
    pub(super) fn hold(&self, hold: bool) {
        let (held, changed) = &*self.held;
        *held.lock().unwrap() = hold;
        changed.notify_all();
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, gate: &(Mutex<bool>, Condvar)) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let held = gate.0.lock().unwrap();
        drop(gate.1.wait_while(held, |held| *held).unwrap());
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // Fails where the other side has done it, which is fine.
    to.shutdown(Shutdown::Both).ok();
}
