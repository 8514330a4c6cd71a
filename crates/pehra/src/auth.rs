//! Who is asking: accounts, passwords, sessions.
