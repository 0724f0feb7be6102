using Microsoft.ML.OnnxRuntime;

namespace CovidCt.Benchmarks.Peers;

/// <summary>Runs of a session on one input.</summary>
/// <param name="session">The session; it stays the caller's.</param>
/// <param name="outputs">What is asked for.</param>
/// <param name="input">Numbers of <c>images</c>.</param>
/// <param name="shape">Their shape.</param>
internal sealed class OnnxRun(InferenceSession session, string[] outputs, float[] input, long[] shape) : IDisposable
{
    private static readonly string[] Inputs = ["images"];

    private readonly OrtValue _input = OrtValue.CreateTensorValueFromMemory(input, shape);
    private readonly RunOptions _options = new();

    /// <summary>Runs it and lets go of the outputs.</summary>
    public void Answer() => session.Run(_options, Inputs, [_input], outputs).Dispose();

    /// <summary>The first output's numbers.</summary>
    public float[] First()
    {
        using var values = session.Run(_options, Inputs, [_input], outputs);
        return values[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _input.Dispose();
        _options.Dispose();
    }
}
