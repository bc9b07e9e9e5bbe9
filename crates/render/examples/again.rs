//! Renders a loaded chart several times and prints how long each took, in milliseconds: `again CHART VALUES TIMES`.
//! `cargo xtask bench` sets it beside helm. The chart is loaded once, as `sparkyard check` does.

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use mimalloc::MiMalloc;
use sparkyard_model::SourceText;
use sparkyard_render::{Chart, Options, UserValues, render};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [folder, values, times] = args.as_slice() else { return Err("again CHART VALUES TIMES".into()) };
    let chart = Chart::load(&sparkyard_pack::load(Path::new(folder))?, folder).map_err(|error| format!("{error:?}"))?;
    let user = UserValues::of_files([SourceText { name: values.clone(), text: std::fs::read_to_string(values)? }]);
    let options = Options { release: "demo".into(), ..Options::default() };
    let mut lines = String::new();
    for _ in 0..times.parse()? {
        let started = Instant::now();
        let rendered = render(&chart, &user, &options).map_err(|error| format!("{error:?}"))?;
        black_box(rendered.text(false, |_| true));
        lines.push_str(&format!("{}\n", started.elapsed().as_secs_f64() * 1000.0));
    }
    std::io::Write::write_all(&mut std::io::stdout(), lines.as_bytes())?;
    Ok(())
}
