"""佣金试算: invented cases run through the same operations as real orders, on a database that is thrown away."""
