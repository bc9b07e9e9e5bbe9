//! `sparkyard pull`.

use std::fs;

use serde_json::json;
use sparkyard_model::Finding;
use sparkyard_oci::{Digest, Registry, Wanted, pull};
use sparkyard_pack::{cause, write_file};

use crate::args::{Format, PullArgs};
use crate::console::{Console, Stop};
use crate::{OK, Outcome, build, remote};

pub(crate) fn run(args: &PullArgs, console: &mut Console<'_>) -> Outcome {
    let (chart, wanted) = wanted(args)?;
    let place = remote::place(&chart)?;
    if place.path.is_empty() {
        return Err(Stop::usage(format!("{chart} names no chart: write oci://HOST/PATH/NAME")));
    }
    let options = remote::options(&args.registry, None);
    let pulled = Registry::to_read(&place, &options)
        .and_then(|registry| pull(&registry, &place.path, &wanted))
        .map_err(|error| remote::finding(&error))?;
    let folder = &args.destination;
    fs::create_dir_all(folder).map_err(|error| {
        Finding::error("cannot-write", format!("cannot create the folder {}: {}", folder.display(), cause(&error)))
    })?;
    let path = folder.join(&pulled.file);
    write_file(&path, &pulled.package, pulled.created).map_err(build::cannot_write)?;
    let provenance = match &pulled.provenance {
        Some(bytes) => {
            let path = folder.join(format!("{}.prov", pulled.file));
            write_file(&path, bytes, pulled.created).map_err(build::cannot_write)?;
            Some(path)
        }
        None => None,
    };
    match args.output {
        Format::Json => console.json(&json!({
            "file": path,
            "provenance": provenance,
            "reference": pulled.reference,
            "digest": pulled.digest,
            "packageDigest": Digest::of(&pulled.package),
            "size": pulled.package.len(),
        }))?,
        Format::Table => console.print(&format!("{}\n{}", path.display(), pulled.digest))?,
    }
    Ok(OK)
}

/// The chart's place, and which of its versions.
fn wanted(args: &PullArgs) -> Result<(String, Wanted), Stop> {
    let twice = || Stop::usage("the version is named twice: leave out --version, or what follows the chart's name");
    if let Some((chart, text)) = args.chart.split_once('@') {
        if args.version.is_some() {
            return Err(twice());
        }
        let digest = Digest::parse(text)
            .ok_or_else(|| Stop::usage(format!("`{text}` is no digest: sha256: and 64 hexadecimal digits")))?;
        return Ok((chart.to_owned(), Wanted::Digest(digest)));
    }
    // A colon after the last slash is a tag's; one before it is a port's.
    let start = args.chart.rfind('/').map_or(0, |slash| slash + 1);
    match args.chart[start..].split_once(':') {
        Some((name, version)) if args.chart.matches('/').count() > 2 => {
            if args.version.is_some() {
                return Err(twice());
            }
            Ok((format!("{}{name}", &args.chart[..start]), Wanted::Fitting(Some(version.replace('_', "+")))))
        }
        _ => Ok((args.chart.clone(), Wanted::Fitting(args.version.clone()))),
    }
}
