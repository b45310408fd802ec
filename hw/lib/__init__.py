"""Small shared ideas: components emitted once, balanced trees."""
