"""The sample hall on one machine: real programs, real protocols, virtual devices, each part a child process of ours."""
