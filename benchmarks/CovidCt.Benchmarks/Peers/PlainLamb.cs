using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Peers;

/// <summary>The arithmetic of peers/compared/timm_lamb.py in TorchSharp's ordinary operations, parameter by parameter.</summary>
/// <param name="parameters">What is trained.</param>
internal sealed class PlainLamb(IEnumerable<Tensor> parameters) : IDisposable
{
    private const double Rate = 3e-4, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-6, Decay = 0.01, LongestGradient = 1;

    private readonly (Tensor Weight, Tensor Mean, Tensor Square)[] _states =
        [.. parameters.Select(weight => (weight, zeros_like(weight), zeros_like(weight)))];

    private int _steps;

    public void Step()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        var norms = stack(_states.Where(state => state.Weight.grad is not null).Select(state => state.Weight.grad!.norm()));
        var clip = (norms.norm() / LongestGradient).clamp_(min: 1);
        foreach (var (weight, mean, square) in _states)
        {
            if (weight.grad is { } gradient)
            {
                Change(weight, mean, square, gradient / clip);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (_, mean, square) in _states)
        {
            mean.Dispose();
            square.Dispose();
        }
    }

    private void Change(Tensor weight, Tensor mean, Tensor square, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        mean.lerp_(gradient, 1 - Beta1);
        square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var deviation = (square.sqrt() / Math.Sqrt(1 - Math.Pow(Beta2, _steps))).add_(Epsilon);
        var update = (mean / (1 - Math.Pow(Beta1, _steps))).div_(deviation).add_(weight, alpha: Decay);
        var (norm, length) = (weight.norm(), update.norm());
        var one = ones_like(norm);
        var ratio = where(norm > 0, where(length > 0, norm / length, one), one);
        weight.add_(update.mul_(ratio), alpha: -Rate);
    }
}
