//! Greets the machine at boot.

use std::fs;

fn main() {
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    println!("{}", greeting(host.trim()));
}

fn greeting(host: &str) -> String {
    if host.is_empty() {
        "hello".to_string()
    } else {
        format!("hello from {host}")
    }
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn the_host_is_named_where_it_has_a_name() {
        assert_eq!(greeting("node-1"), "hello from node-1");
        assert_eq!(greeting(""), "hello");
    }
}
