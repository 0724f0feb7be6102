namespace CovidCt.Core.Tests;

/// <summary>Tests that count all live native tensors run while no other test makes any.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
#pragma warning disable CA1711 // It is what xunit calls a collection.
public sealed class NativeMemory
#pragma warning restore CA1711
{
    public const string Name = "Native memory";
}
