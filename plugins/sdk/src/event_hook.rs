//! The world `event-hook`: hears of an event, and may add notes.

#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "event-hook",
        pub_export_macro: true,
        default_bindings_module: "plumbline_plugin::bindings",
        runtime_path: "wit_bindgen::rt",
        generate_all,
    });
}

pub use bindings::exports::plumbline::plugin::events::Note;
use bindings::plumbline::plugin::types::Event;

/// What an event hook does.
pub trait EventHook {
    /// The notes are kept with the event. The error's text is shown to the company's staff.
    fn handle(event: Event, settings: &str) -> Result<Vec<Note>, String>;
}

/// Exports a type that implements [`EventHook`].
#[macro_export]
macro_rules! event_hook {
    ($plugin:ty) => {
        const _: () = {
            struct Exported;
            impl $crate::bindings::exports::plumbline::plugin::events::Guest for Exported {
                fn handle(event: $crate::Event, settings: String) -> Result<Vec<$crate::Note>, String> {
                    <$plugin as $crate::EventHook>::handle(event, &settings)
                }
            }
    $crate::bindings::export!(Exported with_types_in $crate::bindings);
        };
    };
}
