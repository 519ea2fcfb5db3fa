//! A project template: phases, milestones, draws and shots that new projects start with. Managers write them, all staff use them.

kernel::id!(ProjectTemplateId, "A template of projects.");
