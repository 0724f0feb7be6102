using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>A network's evaluation mode for as long as it lives; then every module's mode is what it was.</summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly (nn.Module Module, bool Training)[]? _found;

    public EvaluationMode(nn.Module network)
    {
        var found = network.named_modules().Select(entry => entry.module).Prepend(network).Select(module => (module, module.training))
            .ToArray();
        if (Array.Exists(found, entry => entry.training))
        {
            _found = found;
            network.eval();
        }
    }

    /// <summary>Whether a network is wholly in evaluation mode.</summary>
    public static bool IsOn(nn.Module network) => !network.training && network.named_modules().All(entry => !entry.module.training);

    public void Dispose()
    {
        // From the outside in, since a module hands its mode on to those in it.
        foreach (var (module, training) in _found ?? [])
        {
            module.train(training);
        }
    }
}
