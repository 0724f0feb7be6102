using CovidCt.Models.Runtime;
using CovidCt.Networks;

namespace CovidCt.Models;

/// <summary>
/// Makes the paper's twelve networks, and their variants, by their published names; and those that rectify their class scores without that
/// ReLU by <see cref="BackboneSpec.LinearName"/>.
/// </summary>
public sealed class BackboneFactory : IBackboneFactory
{
    /// <inheritdoc/>
    public IReadOnlyList<BackboneSpec> Specs { get; } = [.. Backbones.All.Select(entry => entry.Spec)];

    /// <inheritdoc/>
    public BackboneSpec Spec(string name) => Find(name).Spec;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is less than 1.</exception>
    public IBackbone Create(string name, int classes, long seed = 0) => Make(name, classes, seed);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is less than 1.</exception>
    public IBackbone CreateForLoading(string name, int classes) => Make(name, classes, seed: null);

    private static Backbone Make(string name, int classes, long? seed)
    {
        var (spec, build) = Find(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        TorchRuntime.EnsureLoaded();
        using var scope = TorchSharp.torch.NewDisposeScope();
        return new Backbone(spec, build(classes), classes, seed);
    }

    private static (BackboneSpec Spec, Func<int, Architecture> Build) Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var entry in Backbones.All.Concat(Backbones.Linear))
        {
            if (entry.Spec.Name == name)
            {
                return entry;
            }
        }

        var names = string.Join(", ", Backbones.All.Select(entry => entry.Spec.Name));
        throw new ArgumentException($"There is no network '{name}'. There are: {names}.", nameof(name));
    }
}
