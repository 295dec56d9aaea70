"""The case desk: entry, keys, list, work, rota and voice, over real HTTP and in a real browser."""
