//! AES-256 whose expanded key is shared: FF1 clones its cipher for each of its rounds, and a reference costs nothing to clone.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use aes::Aes256Enc;
use aes::cipher::consts::{U16, U32};
use aes::cipher::{
    BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, Key, KeyInit, KeySizeUser,
};

/// AES-256, for encryption alone, which is all that FF1 takes, there and back.
///
/// An expanded key stays for the life of the process: counted references would be counted twenty times a number, by all threads in
/// one place. There are as many as audiences and kinds of ids, and a key that comes back with a reload finds its own.
#[derive(Clone, Copy)]
pub(super) struct Schedule(&'static Aes256Enc);

static EXPANDED: LazyLock<Mutex<HashMap<[u8; 32], Schedule>>> = LazyLock::new(Mutex::default);

impl KeySizeUser for Schedule {
    type KeySize = U32;
}

impl BlockSizeUser for Schedule {
    type BlockSize = U16;
}

impl KeyInit for Schedule {
    fn new(key: &Key<Self>) -> Self {
        let mut expanded = EXPANDED.lock().unwrap_or_else(PoisonError::into_inner);
        *expanded
            .entry((*key).into())
            .or_insert_with(|| Self(Box::leak(Box::new(Aes256Enc::new(key)))))
    }
}

impl BlockCipherEncrypt for Schedule {
    #[inline]
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = U16>) {
        self.0.encrypt_with_backend(f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_cipher_of_its_key_and_expands_it_once() {
        let (one, other) = ([1; 32], [2; 32]);
        let sealed = |cipher: &dyn Fn(&mut aes::Block)| {
            let mut block = aes::Block::default();
            cipher(&mut block);
            block
        };
        for key in [one, other] {
            let shared = Schedule::new(&key.into());
            let own = Aes256Enc::new(&key.into());
            assert_eq!(
                sealed(&|block| shared.encrypt_block(block)),
                sealed(&|block| own.encrypt_block(block))
            );
            assert!(std::ptr::eq(shared.0, Schedule::new(&key.into()).0));
        }
    }
}
