//! Numbers as ASCII digits appended to a buffer: the innermost loop of every row written.

/// "00" to "99" side by side: two digits a division.
static PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

/// Ten to the nineteenth: the largest power of ten in a u64.
const TEN_19: u128 = 10_000_000_000_000_000_000;

/// The two digits of a number below 100.
fn pair(number: u64) -> &'static [u8] {
    let at = number as usize * 2;
    &PAIRS[at..at + 2]
}

/// Appends a number below 100 as two digits.
pub(super) fn push_two(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(pair(u64::from(number)));
}

/// Appends an unsigned number, without leading zeros.
pub(super) fn push_unsigned(out: &mut Vec<u8>, number: u64) {
    let mut buffer = [0_u8; 20];
    let from = fill(&mut buffer, number);
    out.extend_from_slice(&buffer[from..]);
}

/// Appends a number with at least `width` (at most 19) digits.
pub(super) fn push_padded(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut buffer = [b'0'; 20];
    let from = fill(&mut buffer, number).min(20 - width);
    out.extend_from_slice(&buffer[from..]);
}

/// Appends a number too wide for 64 bits.
pub(super) fn push_wide(out: &mut Vec<u8>, number: u128) {
    if let Ok(narrow) = u64::try_from(number) {
        push_unsigned(out, narrow);
    } else {
        push_wide(out, number / TEN_19);
        push_padded(out, (number % TEN_19) as u64, 19);
    }
}

/// Appends a signed number.
pub(super) fn push_signed(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    push_unsigned(out, number.unsigned_abs());
}

/// Writes the digits to the buffer's end and says where they begin.
fn fill(buffer: &mut [u8; 20], mut number: u64) -> usize {
    let mut at = buffer.len();
    while number >= 100 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(pair(number % 100));
        number /= 100;
    }
    if number >= 10 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(pair(number));
    } else {
        at -= 1;
        buffer[at] = b'0' + number as u8;
    }
    at
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_what_the_standard_library_writes(number in any::<u64>(), shift in 0_u32..64, wide in any::<u128>()) {
            let number = number >> shift;
            let mut out = Vec::new();
            push_unsigned(&mut out, number);
            out.push(b' ');
            push_wide(&mut out, wide);
            out.push(b' ');
            push_padded(&mut out, number % 1_000_000, 6);
            let text = String::from_utf8(out).unwrap();
            prop_assert_eq!(text, format!("{number} {wide} {:06}", number % 1_000_000));
        }
    }
}
