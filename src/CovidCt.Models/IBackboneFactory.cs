using CovidCt.Networks;

namespace CovidCt.Models;

/// <summary>Makes networks by their published names.</summary>
public interface IBackboneFactory
{
    /// <summary>The specs of the networks that can be made, in the paper's order.</summary>
    IReadOnlyList<BackboneSpec> Specs { get; }

    /// <summary>The spec of one network.</summary>
    /// <exception cref="ArgumentException">No network has that name; the message lists those there are.</exception>
    BackboneSpec Spec(string name);

    /// <summary>A network on the CPU in float32 with initial values drawn from <paramref name="seed"/>.</summary>
    /// <param name="name">A published name, such as <c>resnet18</c>.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="seed">The seed of the initial values; equal seeds give equal bits.</param>
    /// <exception cref="ArgumentException">No network has that name; the message lists those there are.</exception>
    /// <exception cref="Runtime.NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    IBackbone Create(string name, int classes, long seed = 0);

    /// <summary>
    /// A network as <see cref="Create"/> makes it, but with values that are anything: for weights that are about to be loaded.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    IBackbone CreateForLoading(string name, int classes) => Create(name, classes);
}
