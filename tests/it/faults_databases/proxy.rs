//! What lies between the gateway and a server, can fall silent, and remembers what was sent to the server.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Passes everything on, or for a time nothing: it still takes connections, as the system does for a program that is stopped.
pub(super) struct Proxy {
    /// The URL of the database, by way of here.
    pub(super) url: String,
    held: Arc<(Mutex<bool>, Condvar)>,
    /// All that was sent to the server.
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    pub(super) fn start(url: &str) -> Self {
        let (before, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = listener.local_addr().unwrap();
        let held = Arc::<(Mutex<bool>, Condvar)>::default();
        let sent = Arc::<Mutex<Vec<u8>>>::default();
        let (server, gate, seen) = (server.to_owned(), Arc::clone(&held), Arc::clone(&sent));
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(&server) else {
                    break;
                };
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let seen = Arc::clone(&seen);
                let there = move |bytes: &[u8]| seen.lock().unwrap().extend_from_slice(bytes);
                let (forth, gate_back) = (Arc::clone(&gate), Arc::clone(&gate));
                thread::spawn(move || pass((client, server), &forth, there));
                thread::spawn(move || pass(back, &gate_back, |_| {}));
            }
        });
        Self {
            url: format!("{before}@{here}/{name}"),
            held,
            sent,
        }
    }

    /// How often this was sent to the server since it was asked last.
    pub(super) fn sent(&self, text: &str) -> usize {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        sent.windows(text.len())
            .filter(|bytes| *bytes == text.as_bytes())
            .count()
    }

    /// From now on nothing gets through, or everything does again.
    pub(super) fn hold(&self, hold: bool) {
        let (held, changed) = &*self.held;
        *held.lock().unwrap() = hold;
        changed.notify_all();
    }
}

fn pass(
    (mut from, mut to): (TcpStream, TcpStream),
    gate: &(Mutex<bool>, Condvar),
    seen: impl Fn(&[u8]),
) {
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        seen(&bytes[..count]);
        let held = gate.0.lock().unwrap();
        drop(gate.1.wait_while(held, |held| *held).unwrap());
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    // Fails where the other side has done it, which is fine.
    to.shutdown(Shutdown::Both).ok();
}
