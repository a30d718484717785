using BenchmarkDotNet.Running;
using TargetProfiles.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(FilePath).Assembly).Run(args);
