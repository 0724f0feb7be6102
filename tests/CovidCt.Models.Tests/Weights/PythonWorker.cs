using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CovidCt.Models.Tests.Weights;

/// <summary>
/// The interpreter that <c>COVIDCT_PYTHON</c> names, running <c>tests/reference/checkpoints.py</c>: one process for all
/// networks, since importing torch takes seconds.
/// </summary>
public sealed class PythonWorker : IDisposable
{
    private const int AnswerMilliseconds = 180_000;

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _complaints = new();
    private Process? _process;

    public static string? Interpreter => Environment.GetEnvironmentVariable("COVIDCT_PYTHON");

    /// <summary>Where the worker's files go; it is gone when the tests are done.</summary>
    public string Folder => _folder.Path;

    /// <summary>Sends one command and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">Python answers with an error, or not at all.</exception>
    internal JsonElement Ask(string command, string network, string path)
    {
        _process ??= Start();
        _process.StandardInput.WriteLine($"{command} {network} {path}");
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLineAsync();
        if (!answer.Wait(AnswerMilliseconds, TestContext.Current.CancellationToken) || answer.Result is not { } line)
        {
            lock (_complaints)
            {
                throw new InvalidOperationException($"Python gives no answer to '{command} {network}'. {_complaints}");
            }
        }

        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("error", out var error)
            ? throw new InvalidOperationException($"Python on '{command} {network} {path}': {error}")
            : json.RootElement.Clone();
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(10_000))
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        _folder.Dispose();
    }

    private Process Start()
    {
        foreach (var script in new[] { "checkpoints.py", "make_golden_logits.py" })
        {
            _folder.Write(script, WeightsFixtures.Bytes(script));
        }

        _folder.Write("state-dict-keys.json", WeightsFixtures.Bytes("state-dict-keys"));
        var process = new Process
        {
            StartInfo = new(Interpreter!, ["-B", _folder.File("checkpoints.py")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_complaints)
            {
                _complaints.AppendLine(line.Data);
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        return process;
    }
}
