//! The vocabularies that come with the engine, each parsed when it is first asked for.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use super::list::Vocabulary;
use super::symbol::Symbol;
use super::words::singular;

/// A file of the data directory, and the list in it once somebody needed it.
struct Source {
    path: &'static str,
    text: &'static str,
    parsed: OnceLock<Vocabulary>,
}

/// Path and text of each named file, in the order in which providers are looked for.
macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!($path))),+]
    };
}

const FILES: &[(&str, &str)] = files![
    "data/places.csv",
    "data/regions.csv",
    "data/countries.csv",
    "data/first_names.csv",
    "data/last_names.csv",
    "data/answers.csv",
    "data/article_titles.csv",
    "data/article_bodies.csv",
    "data/article_openings.csv",
    "data/article_links.csv",
    "data/article_closings.csv",
    "data/banks.csv",
    "data/biographies.csv",
    "data/book_blurbs.csv",
    "data/book_titles.csv",
    "data/brand_descriptions.csv",
    "data/review_remarks.csv",
    "data/review_stories.csv",
    "data/communities.csv",
    "data/community_descriptions.csv",
    "data/album_titles.csv",
    "data/artist_names.csv",
    "data/film_genres.csv",
    "data/music_genres.csv",
    "data/playlist_names.csv",
    "data/song_titles.csv",
    "data/deal_names.csv",
    "data/deal_stages.csv",
    "data/hashtags.csv",
    "data/lesson_titles.csv",
    "data/module_titles.csv",
    "data/quiz_questions.csv",
    "data/service_aspects.csv",
    "data/service_closings.csv",
    "data/service_details.csv",
    "data/service_openings.csv",
    "data/social_posts.csv",
    "data/activity_subjects.csv",
    "data/review_details.csv",
    "data/description_uses.csv",
    "data/description_openings.csv",
    "data/description_notes.csv",
    "data/description_features.csv",
    "data/book_praise.csv",
    "data/book_editions.csv",
    "data/brands.csv",
    "data/buildings.csv",
    "data/carriers.csv",
    "data/categories.csv",
    "data/category_descriptions.csv",
    "data/clinical_notes.csv",
    "data/clinic_units.csv",
    "data/companies.csv",
    "data/company_descriptions.csv",
    "data/course_titles.csv",
    "data/currencies.csv",
    "data/customer_notes.csv",
    "data/departments.csv",
    "data/species.csv",
    "data/breeds.csv",
    "data/animal_cases.csv",
    "data/kinships.csv",
    "data/animal_vaccines.csv",
    "data/animal_weights.csv",
    "data/device_words.csv",
    "data/diagnoses.csv",
    "data/drugs.csv",
    "data/drug_instructions.csv",
    "data/error_messages.csv",
    "data/event_names.csv",
    "data/event_organizers.csv",
    "data/event_venues.csv",
    "data/exams.csv",
    "data/faculties.csv",
    "data/file_names.csv",
    "data/film_plots.csv",
    "data/film_titles.csv",
    "data/gift_messages.csv",
    "data/host_words.csv",
    "data/image_kinds.csv",
    "data/industries.csv",
    "data/insurers.csv",
    "data/internet_addresses.csv",
    "data/job_descriptions.csv",
    "data/job_titles.csv",
    "data/lab_tests.csv",
    "data/lab_analytes.csv",
    "data/hr_feedback.csv",
    "data/hr_goals.csv",
    "data/hr_improvements.csv",
    "data/hr_strengths.csv",
    "data/list_names.csv",
    "data/origins.csv",
    "data/make_origins.csv",
    "data/photo_titles.csv",
    "data/video_titles.csv",
    "data/video_descriptions.csv",
    "data/lookup_names.csv",
    "data/lookup_notes.csv",
    "data/lookup_descriptions.csv",
    "data/mail_domains.csv",
    "data/mail_shapes.csv",
    "data/messages.csv",
    "data/nick_words.csv",
    "data/qualifiers.csv",
    "data/notes.csv",
    "data/page_paths.csv",
    "data/parcel_stops.csv",
    "data/payment_methods.csv",
    "data/payment_providers.csv",
    "data/payment_purposes.csv",
    "data/permissions.csv",
    "data/phones.csv",
    "data/phrases.csv",
    "data/plain_names.csv",
    "data/plain_titles.csv",
    "data/procedures.csv",
    "data/product_descriptions.csv",
    "data/product_lines.csv",
    "data/product_names.csv",
    "data/product_styles.csv",
    "data/products.csv",
    "data/project_names.csv",
    "data/promotion_descriptions.csv",
    "data/promotion_names.csv",
    "data/questions.csv",
    "data/reasons.csv",
    "data/referrers.csv",
    "data/review_aspects.csv",
    "data/review_closings.csv",
    "data/review_openings.csv",
    "data/review_replies.csv",
    "data/review_texts.csv",
    "data/review_times.csv",
    "data/review_titles.csv",
    "data/route_words.csv",
    "data/salutations.csv",
    "data/school_departments.csv",
    "data/schools.csv",
    "data/search_terms.csv",
    "data/second_lines.csv",
    "data/support_comments.csv",
    "data/changes.csv",
    "data/git_branches.csv",
    "data/build_steps.csv",
    "data/feature_flags.csv",
    "data/api_key_names.csv",
    "data/canned_replies.csv",
    "data/changelogs.csv",
    "data/team_descriptions.csv",
    "data/plans.csv",
    "data/aircraft_types.csv",
    "data/billing_lines.csv",
    "data/leave_types.csv",
    "data/device_types.csv",
    "data/device_models.csv",
    "data/os_versions.csv",
    "data/software.csv",
    "data/sensor_kinds.csv",
    "data/alert_messages.csv",
    "data/maintenance_tasks.csv",
    "data/expense_items.csv",
    "data/cover_letters.csv",
    "data/interview_feedback.csv",
    "data/rejection_reasons.csv",
    "data/job_requirements.csv",
    "data/notification_kinds.csv",
    "data/sla_names.csv",
    "data/milestone_titles.csv",
    "data/issue_labels.csv",
    "data/sprint_names.csv",
    "data/event_types.csv",
    "data/user_roles.csv",
    "data/field_changes.csv",
    "data/trainings.csv",
    "data/location_names.csv",
    "data/pay_grades.csv",
    "data/release_names.csv",
    "data/release_tags.csv",
    "data/setting_keys.csv",
    "data/shipping_methods.csv",
    "data/site_kinds.csv",
    "data/skills.csv",
    "data/slogans.csv",
    "data/specialties.csv",
    "data/status_notes.csv",
    "data/street_names.csv",
    "data/streets.csv",
    "data/subjects.csv",
    "data/summaries.csv",
    "data/tags.csv",
    "data/task_titles.csv",
    "data/tax_rates.csv",
    "data/urls.csv",
    "data/user_agents.csv",
    "data/user_name_shapes.csv",
    "data/variant_names.csv",
    "data/venues.csv",
    "data/visit_reasons.csv",
    "data/work_descriptions.csv",
    "data/vehicle_classes.csv",
    "data/airports.csv",
    "data/vehicles.csv",
    "data/services.csv",
    "data/room_kinds.csv",
    "data/hotel_charges.csv",
    "data/menu_items.csv",
    "data/menu_courses.csv",
    "data/mcc.csv",
    "data/bank_products.csv",
    "data/trade_goods.csv",
    "data/tracking_events.csv",
    "data/comments.csv",
    "data/school_feedback.csv",
    "data/assignments.csv",
    "data/ticket_kinds.csv",
    "data/public_events.csv",
    "data/fraud_rules.csv",
    "data/programs.csv",
    "data/fitness_classes.csv",
    "data/exercises.csv",
    "data/gym_equipment.csv",
    "data/gym_plans.csv",
    "data/gym_feedback.csv",
    "data/repair_requests.csv",
    "data/property_documents.csv",
    "data/made_items.csv",
    "data/card_numbers.csv",
];

fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let unread = |&(path, text)| Source { path, text: current(path, text), parsed: OnceLock::new() };
        FILES.iter().map(unread).collect()
    })
}

/// The text of a file of words. In tests it can be tried without compiling it in: with WORDS set, files are read anew.
pub(super) fn current(path: &str, text: &'static str) -> &'static str {
    #[cfg(test)]
    if std::env::var_os("WORDS").is_some() {
        let file = format!("{}/src/engine/vocabulary/{path}", env!("CARGO_MANIFEST_DIR"));
        return std::fs::read_to_string(file).map_or(text, |text| Box::leak(text.into()));
    }
    _ = path;
    text
}

/// The vocabulary of a name, singular or plural.
pub fn vocabulary(name: &str) -> Option<&'static Vocabulary> {
    let names = names();
    let place = names.get(name).or_else(|| names.get(&singular(name)))?;
    Some(sources()[*place].vocabulary())
}

/// Places by name and by singular name; every placeholder of every text asks here.
fn names() -> &'static HashMap<String, usize> {
    static NAMES: OnceLock<HashMap<String, usize>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: HashMap<String, usize> = HashMap::new();
        for (place, source) in sources().iter().enumerate() {
            names.entry(singular(source.name())).or_insert(place);
        }
        names.extend(sources().iter().enumerate().map(|(place, source)| (source.name().to_owned(), place)));
        names
    })
}

/// Every vocabulary that comes with the engine.
pub fn vocabularies() -> impl Iterator<Item = &'static Vocabulary> {
    sources().iter().map(Source::vocabulary)
}

/// The vocabulary whose lines give a meaning's value; those that only filter by it come last.
pub fn provider_of(meaning: Symbol) -> Option<&'static Vocabulary> {
    static PROVIDERS: OnceLock<HashMap<Symbol, &'static Vocabulary>> = OnceLock::new();
    let providers = PROVIDERS.get_or_init(|| {
        let mut providers = HashMap::new();
        for list in vocabularies() {
            list.value_columns().for_each(|column| _ = providers.entry(column).or_insert(list));
        }
        for list in vocabularies() {
            list.key_sources().filter_map(<[_]>::first).for_each(|column| _ = providers.entry(*column).or_insert(list));
        }
        providers
    });
    providers.get(&meaning).copied()
}

/// Whether some list's lines are filtered by a meaning.
pub fn filters_some_list(meaning: Symbol) -> bool {
    static FILTERS: OnceLock<HashSet<Symbol>> = OnceLock::new();
    FILTERS
        .get_or_init(|| vocabularies().flat_map(|list| list.key_sources().flatten().copied().collect::<Vec<_>>()).collect())
        .contains(&meaning)
}

impl Source {
    /// The file's name without folder and ending.
    fn name(&self) -> &'static str {
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        file.split('.').next().unwrap_or(file)
    }

    fn vocabulary(&self) -> &Vocabulary {
        self.parsed.get_or_init(|| Vocabulary::parse(self.name(), self.text).expect("the tests parse every file"))
    }
}
