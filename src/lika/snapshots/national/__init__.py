"""An invented country of real divisions, to measure the engine with: `lika bench national`."""
