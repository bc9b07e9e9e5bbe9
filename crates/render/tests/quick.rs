//! What charts print is read without the YAML library, and as the library reads it.

use std::fs;
use std::path::Path;

use sparkyard_model::{Preset, SourceText};
use sparkyard_render::{Chart, Options, UserValues, render};
use sparkyard_yaml::node::{document_by_library, quick};

#[test]
fn manifests_of_the_catalogue_take_the_short_way() {
    let charts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated-charts");
    let mut manifests = 0;
    for chart in fs::read_dir(charts).expect("the charts").map(|entry| entry.expect("an entry").path()) {
        if !chart.is_dir() {
            continue;
        }
        let loaded = Chart::load(&sparkyard_pack::load(&chart).expect("files"), "").expect("a chart");
        let presets = fs::read_dir(&chart).expect("a folder").map(|entry| entry.expect("an entry").path());
        for values in
            presets.filter(|path| path.display().to_string().ends_with(".yaml") && !path.ends_with("Chart.yaml"))
        {
            let text = fs::read_to_string(&values).expect("values");
            let text = Preset::with_examples(&text);
            let user = UserValues::of_files([SourceText { name: values.display().to_string(), text }]);
            let apis = ["v1beta2/SparkApplication", "v1beta2/ScheduledSparkApplication", "v1alpha1/SparkConnect"]
                .map(|kind| format!("sparkoperator.k8s.io/{kind}"));
            let options = Options { api_versions: apis.to_vec(), ..Options::default() };
            let rendered = render(&loaded, &user, &options).expect("renders");
            for manifest in rendered.all() {
                assert!(quick(&manifest.text).is_some(), "{} needs the library:\n{}", manifest.source, manifest.text);
                let library = document_by_library(&manifest.text).expect("reads");
                assert_eq!(library.as_ref(), Some(&manifest.node), "{}", manifest.source);
                manifests += 1;
            }
        }
    }
    assert!(manifests > 100, "{manifests} manifests");
}
