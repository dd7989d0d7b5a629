"""Cases of the demonstration at every stage: which village stands where is `standings`, the way there `driving`."""
