//! Why charts could not be composed.

use sparkyard_model::Finding;

/// Why charts could not be composed: the catalogue's own files are wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The plan names a brick that the catalogue lacks.
    #[error("the plan names the brick `{0}`, which is not in the catalogue")]
    UnknownBrick(String),
    /// A file that a brick asks for is not in the catalogue.
    #[error("`{brick}` asks for `{path}`, which is not in the catalogue")]
    MissingFile {
        /// Brick id.
        brick: String,
        /// Path below `chart-blocks/`.
        path: String,
    },
    /// A brick's version is that of an image which the line lacks.
    #[error("`{brick}` has the version of the image `{role}`, which line {line} lacks")]
    MissingImage {
        /// Brick id.
        brick: String,
        /// Role of the image.
        role: String,
        /// Line id.
        line: String,
    },
    /// A coordinate that is not `group:artifact:version`.
    #[error("`{0}` is not a coordinate of the form `group:artifact:version`")]
    BadCoordinate(String),
    /// A composition template that cannot be read or rendered.
    #[error("{0}")]
    Template(String),
    /// A composition template that uses a variable that does not exist.
    #[error("{path} uses the variable `{name}`, which does not exist; there is: {known}")]
    UnknownVariable {
        /// Path below `chart-blocks/`.
        path: String,
        /// The variable.
        name: String,
        /// What exists.
        known: String,
    },
    /// A brick whose schema is not a schema.
    #[error("the schema of `{brick}` is wrong: {message}")]
    BadSchema {
        /// Brick id, or `global`.
        brick: String,
        /// What is wrong.
        message: String,
    },
}

impl From<ComposeError> for Finding {
    fn from(error: ComposeError) -> Self {
        Finding::error("bad-catalogue", error.to_string())
    }
}
