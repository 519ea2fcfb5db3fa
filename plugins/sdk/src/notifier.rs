//! The world `notifier`: turns an event into messages.

#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "notifier",
        pub_export_macro: true,
        default_bindings_module: "plumbline_plugin::bindings",
        runtime_path: "wit_bindgen::rt",
        generate_all,
    });
}

pub use bindings::exports::plumbline::plugin::notifications::{Audience, Mail, Message, Notice};
use bindings::plumbline::plugin::types::Event;

/// What a notifier does.
pub trait Notifier {
    /// The messages are sent after this returns. The error's text is shown to the company's staff.
    fn notify(event: Event, settings: &str) -> Result<Vec<Message>, String>;
}

/// Exports a type that implements [`Notifier`].
#[macro_export]
macro_rules! notifier {
    ($plugin:ty) => {
        const _: () = {
            struct Exported;
            impl $crate::bindings::exports::plumbline::plugin::notifications::Guest for Exported {
                fn notify(event: $crate::Event, settings: String) -> Result<Vec<$crate::Message>, String> {
                    <$plugin as $crate::Notifier>::notify(event, &settings)
                }
            }
    $crate::bindings::export!(Exported with_types_in $crate::bindings);
        };
    };
}
