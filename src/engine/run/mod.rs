//! Executes a call against the ports: gather, plan, reserve, load, record.

mod arguments;
mod gather;
mod generate;
mod load;
mod moment;
mod preview;
mod probe;
mod reference;
mod reserve;
mod summary;

use crate::engine::arguments::Arguments;
use crate::engine::error::Error;
use crate::engine::plan::Plan;
use crate::engine::port::World;

pub use generate::generate;
pub use preview::preview;
pub use summary::Summary;

/// Version of the algorithms that make the rows: it changes whenever the same call would make other rows.
pub const ALGORITHM_VERSION: i32 = 1;

/// Makes the plan of a call; writes nothing, moves no sequence.
pub fn plan(world: &mut dyn World, arguments: &Arguments) -> Result<Plan, Error> {
    arguments::check(arguments)?;
    Plan::build(gather::gather(world, arguments)?.inputs)
}
