"""荣誉方案: an honour's rules as data, published in editions."""
