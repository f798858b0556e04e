//! The file: a line that says whose it is, then records; a torn tail is cut at the last good checksum.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Error, ErrorKind, Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::time::Duration;

use crate::journal::record::Record;

/// Version of the format.
const FORMAT: u32 = 1;

/// How long another session's lock is waited for; it is held for one write or one look.
const PATIENCE: u32 = 100;
const PAUSE: Duration = Duration::from_millis(5);

/// An open journal.
pub struct Journal {
    file: File,
    /// Where the records begin.
    begin: u64,
    /// Where the last record known to be good ends.
    end: u64,
}

impl Journal {
    /// Opens the journal of a database, making directory (0700) and file (0600) where there are none. `owner` names
    /// cluster and database on one line; a file of another owner is emptied: its replies are another database's.
    pub fn open(directory: &Path, name: &str, owner: &str) -> Result<Self> {
        match DirBuilder::new().mode(0o700).create(directory) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let path = directory.join(name);
        let is_new = !path.exists();
        let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
        if is_new {
            File::open(directory)?.sync_all()?;
        }
        Self::with(file, owner)
    }

    /// Opens the journal of a database if there is one; makes and changes nothing but a torn tail.
    pub fn open_existing(directory: &Path, name: &str, owner: &str) -> Result<Option<Self>> {
        match OpenOptions::new().read(true).append(true).open(directory.join(name)) {
            Ok(file) => Self::with(file, owner).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn with(file: File, owner: &str) -> Result<Self> {
        let heading = format!("synthgen journal {FORMAT} {owner}\n");
        let begin = heading.len() as u64;
        let mut journal = Self { file, begin, end: begin };
        let lock = journal.lock()?;
        let mut found = vec![0; heading.len()];
        let is_ours = (&journal.file).seek(SeekFrom::Start(0)).and_then(|_| (&journal.file).read_exact(&mut found)).is_ok();
        if !is_ours || found != heading.as_bytes() {
            journal.file.set_len(0)?;
            (&journal.file).write_all(heading.as_bytes())?;
            journal.file.sync_all()?;
        }
        drop(lock);
        journal.end = begin;
        Ok(journal)
    }

    /// Appends a record; when this returns it is on disk.
    pub fn append(&mut self, record: &Record) -> Result<()> {
        let lock = self.lock()?;
        let (_, end) = self.scan(self.end)?;
        let bytes = record.to_bytes();
        let written = (&self.file).write_all(&bytes).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a record would hide those after it.
            let _ = self.file.set_len(end);
            return Err(error);
        }
        drop(lock);
        self.end = end + bytes.len() as u64;
        Ok(())
    }

    /// All records, oldest first.
    pub fn records(&mut self) -> Result<Vec<Record>> {
        let lock = self.lock()?;
        let (records, end) = self.scan(self.begin)?;
        drop(lock);
        self.end = end;
        Ok(records)
    }

    /// Forgets all records if `settled` says of all of them that they may go; nobody appends meanwhile.
    pub fn forget_if<E>(
        &mut self,
        settled: impl FnOnce(&[Record]) -> std::result::Result<bool, E>,
    ) -> Result<std::result::Result<bool, E>> {
        let lock = self.lock()?;
        let (records, end) = self.scan(self.begin)?;
        let verdict = if records.is_empty() { Ok(true) } else { settled(&records) };
        if let Ok(true) = verdict {
            self.file.set_len(self.begin)?;
            self.file.sync_data()?;
        }
        drop(lock);
        self.end = if let Ok(true) = verdict { self.begin } else { end };
        Ok(verdict)
    }

    /// The good records from a place on, and where they end; what is behind them is cut. Wants the lock.
    fn scan(&self, from: u64) -> Result<(Vec<Record>, u64)> {
        let length = self.file.metadata()?.len();
        // Another session may have emptied the file since.
        let from = if length < from { self.begin } else { from };
        let mut bytes = Vec::new();
        (&self.file).seek(SeekFrom::Start(from))?;
        (&self.file).read_to_end(&mut bytes)?;
        let mut records = Vec::new();
        let mut place = 0;
        while let Some((record, length)) = Record::first(&bytes[place..]) {
            records.push(record);
            place += length;
        }
        let end = from + place as u64;
        if place < bytes.len() {
            self.file.set_len(end)?;
            self.file.sync_data()?;
        }
        Ok((records, end))
    }

    /// Waits for at most half a second, so that a session stays cancellable.
    fn lock(&self) -> Result<Lock> {
        let own = self.file.try_clone()?;
        for _ in 0..PATIENCE {
            match own.try_lock() {
                Ok(()) => return Ok(Lock(own)),
                Err(std::fs::TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(std::fs::TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(Error::new(ErrorKind::WouldBlock, "another session holds the journal of replies"))
    }
}

/// The lock on a journal's file, shared by its duplicates; let go when dropped, and by the kernel when a process dies.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing could be done about a failure; closing the file unlocks as well.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A directory of its own, removed at the end.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let directory = std::env::temp_dir().join(format!("synthgen-journal-{name}-{}", std::process::id()));
            let _ = std::fs::remove_dir_all(&directory);
            Self(directory)
        }

        fn open(&self) -> Journal {
            Journal::open(&self.0, "1", "cluster 1").expect("the journal opens")
        }

        fn file(&self) -> PathBuf {
            self.0.join("1")
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn record(key: &str) -> Record {
        Record {
            key: key.into(),
            model: "m".into(),
            reply: "{\"rows\": [\"é\\n\"]}".into(),
            truncated: true,
            input_tokens: 7,
            output_tokens: 8,
            tokens_estimated: true,
            cost: (key != "free").then_some(0.25),
            role: "somebody".into(),
            transaction: "123".into(),
        }
    }

    #[test]
    fn records_come_back_in_order_also_in_another_session() {
        let place = Place::new("in_order");
        let mut journal = place.open();
        for key in ["a", "free", "c"] {
            journal.append(&record(key)).expect("it is written");
        }
        let expected = [record("a"), record("free"), record("c")];
        assert_eq!(journal.records().expect("it is read"), expected);
        assert_eq!(place.open().records().expect("it is read"), expected);
    }

    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::new("mode");
        drop(place.open());
        let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(&place.0), mode(&place.file())), (0o700, 0o600));
    }

    #[test]
    fn a_torn_tail_is_cut_wherever_it_was_torn() {
        let place = Place::new("torn");
        let mut journal = place.open();
        journal.append(&record("a")).expect("it is written");
        let good = std::fs::metadata(place.file()).expect("it is there").len();
        journal.append(&record("b")).expect("it is written");
        let whole = std::fs::read(place.file()).expect("it is there");
        for length in good..whole.len() as u64 {
            std::fs::write(place.file(), &whole[..length as usize]).expect("it is writable");
            assert_eq!(place.open().records().expect("it is read"), [record("a")], "torn at {length}");
            assert_eq!(std::fs::metadata(place.file()).expect("it is there").len(), good, "torn at {length}");
        }
    }

    #[test]
    fn a_damaged_record_ends_the_good_ones() {
        let place = Place::new("damage");
        let mut journal = place.open();
        journal.append(&record("a")).expect("it is written");
        let good = std::fs::metadata(place.file()).expect("it is there").len() as usize;
        journal.append(&record("b")).expect("it is written");
        let mut bytes = std::fs::read(place.file()).expect("it is there");
        bytes[good + 20] ^= 1;
        std::fs::write(place.file(), &bytes).expect("it is writable");
        assert_eq!(place.open().records().expect("it is read"), [record("a")]);
    }

    #[test]
    fn what_another_session_tore_hides_nothing_appended_after_it() {
        let place = Place::new("after_torn");
        let mut ours = place.open();
        ours.append(&record("a")).expect("it is written");
        let mut torn = OpenOptions::new().append(true).open(place.file()).expect("it opens");
        torn.write_all(&record("torn").to_bytes()[..30]).expect("it is written");
        ours.append(&record("b")).expect("it is written");
        assert_eq!(place.open().records().expect("it is read"), [record("a"), record("b")]);
    }

    #[test]
    fn two_sessions_append_to_one_file() {
        let place = Place::new("two");
        let (mut one, mut two) = (place.open(), place.open());
        for round in 0..3 {
            one.append(&record(&format!("one {round}"))).expect("it is written");
            two.append(&record(&format!("two {round}"))).expect("it is written");
        }
        assert_eq!(one.records().expect("it is read").len(), 6);
    }

    #[test]
    fn records_go_together_or_stay() {
        let place = Place::new("forget");
        let (mut one, mut two) = (place.open(), place.open());
        one.append(&record("a")).expect("it is written");
        two.append(&record("b")).expect("it is written");
        assert_eq!(one.forget_if(|records| Ok::<_, ()>(records.len() == 1)).expect("it is read"), Ok(false));
        assert_eq!(one.records().expect("it is read").len(), 2);
        assert_eq!(one.forget_if(|_| Ok::<_, ()>(true)).expect("it is read"), Ok(true));
        two.append(&record("c")).expect("it is written");
        assert_eq!(one.records().expect("it is read"), [record("c")], "a session that knew more goes on at the new end");
    }

    #[test]
    fn another_databases_replies_are_not_ours() {
        let place = Place::new("owner");
        place.open().append(&record("a")).expect("it is written");
        let mut other = Journal::open(&place.0, "1", "cluster 2").expect("the journal opens");
        assert_eq!(other.records().expect("it is read"), []);
    }

    #[test]
    fn a_look_makes_no_file() {
        let place = Place::new("look");
        assert!(Journal::open_existing(&place.0, "1", "cluster 1").expect("nothing fails").is_none());
        assert!(!place.0.exists());
    }
}
