//! A child that misbehaves on request, for the tests beside it.

use std::{hint::black_box, process::ExitCode};

#[expect(clippy::disallowed_methods, reason = "what is asked for is whether there is an environment at all")]
fn main() -> ExitCode {
    confine::work(std::env::args().skip(1), |input| {
        let text = String::from_utf8(input).map_err(|_| "not a text".to_owned())?;
        match text.as_str() {
            "loop" => loop {
                black_box(1);
            },
            "sleep" => {
                std::thread::park();
                Ok(Vec::new())
            }
            "eat" => {
                let mut eaten: Vec<Vec<u8>> = Vec::new();
                loop {
                    eaten.push(vec![1; 1 << 20]);
                }
            }
            "talk" => Ok(vec![b'a'; 1 << 20]),
            "die" => std::process::exit(9),
            "refuse" => Err("I will not.".to_owned()),
            "environment" => {
                Ok(format!("{} variables, in {}", std::env::vars_os().count(), std::env::current_dir().expect("a folder").display())
                    .into_bytes())
            }
            other => Ok(other.to_uppercase().into_bytes()),
        }
    })
}
