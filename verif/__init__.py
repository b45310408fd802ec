"""Golden models, benches and simulation; ``hw`` and ``gen`` never import from here."""
