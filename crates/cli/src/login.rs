//! `sparkyard login`.

use std::io::{IsTerminal as _, Read as _};

use sparkyard_model::Finding;
use sparkyard_oci::{Credential, Credentials, helm_config, login};
use sparkyard_pack::cause;

use crate::args::LoginArgs;
use crate::console::{Console, Stop};
use crate::{OK, Outcome, remote};

pub(crate) fn run(args: &LoginArgs, console: &mut Console<'_>) -> Outcome {
    let host = args.host.trim_start_matches("oci://").trim_end_matches('/');
    if host.contains('/') {
        return Err(Stop::usage(format!(
            "{host} has a path, and a login is for a whole registry: name the host alone"
        )));
    }
    let place = remote::place(&format!("oci://{host}"))?;
    let path = args.registry.registry_config.clone().or_else(helm_config).ok_or_else(|| {
        Finding::error("registry-config", "no folder for helm's file of credentials: HOME is not set")
            .help("name the file with --registry-config FILE")
    })?;
    let password = password(args, host)?;
    let credential = Credential::Password { user: args.username.clone(), password };
    let options = remote::options(&args.registry, Some(Credentials::Fixed(credential)));
    login(&place, &options, &path).map_err(|error| {
        let finding = remote::finding(&error);
        // To log in is what is being done.
        if finding.rule == "registry-denied" {
            finding.help("check the user, and that the password or token is not out of date")
        } else {
            finding
        }
    })?;
    console.print(&format!("logged in to {host} as {}; kept in {}", args.username, path.display()))?;
    Ok(OK)
}

fn password(args: &LoginArgs, host: &str) -> Result<String, Stop> {
    let unread =
        |error: std::io::Error| Finding::error("cannot-read", format!("cannot read the password: {}", cause(&error)));
    let mut password = String::new();
    if args.password_stdin {
        std::io::stdin().take(1 << 16).read_to_string(&mut password).map_err(unread)?;
        password.truncate(password.trim_end_matches(['\r', '\n']).len());
    } else if std::io::stdin().is_terminal() {
        password = rpassword::prompt_password(format!("Password of {} at {host}: ", args.username)).map_err(unread)?;
    } else {
        return Err(Stop::usage("no terminal to ask for the password: give it with --password-stdin"));
    }
    if password.is_empty() { Err(Stop::usage("the password is empty")) } else { Ok(password) }
}
