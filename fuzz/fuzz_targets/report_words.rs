#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| pehra_fuzz::feed("report_words", bytes));
