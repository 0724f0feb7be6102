using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CovidCt.Benchmarks.Comparison;

/// <summary>A worker process of one side, which waits idle for what it is asked next.</summary>
internal sealed class Side : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly CancellationTokenRegistration _end;
    private readonly CancellationToken _cancellationToken;
    private string _lastError = "";

    private Side(string name, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        Name = name;
        _cancellationToken = cancellationToken;
        _process = Peer.Start(start);
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data is { Length: > 0 } text ? text : _lastError;
        _process.BeginErrorReadLine();
        _end = cancellationToken.Register(End);
    }

    /// <summary>The side's name in messages.</summary>
    public string Name { get; }

    /// <summary>A worker of this program.</summary>
    public static Side Here(string name, int threads, CancellationToken cancellationToken) =>
        new(name, Describe(Peer.Self.Program, [.. Peer.Self.First, "worker"], threads), cancellationToken);

    /// <summary>The worker of another build.</summary>
    public static Side Build(string assembly, int threads, CancellationToken cancellationToken) =>
        new("the other build", Describe("dotnet", [assembly, "worker"], threads), cancellationToken);

    public static Side Python(int threads, CancellationToken cancellationToken) =>
        new(Peer.Python, Describe(Peer.Python, [Peer.Script("compared", "worker.py")], threads), cancellationToken);

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="PeerException">The side failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public JsonNode Ask(JsonObject request)
    {
        Tell(request);
        return Hear();
    }

    /// <summary>Asks without waiting.</summary>
    public void Tell(JsonObject request)
    {
        try
        {
            _process.StandardInput.WriteLine(request.ToJsonString());
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The process is gone; Hear says why.
        }
    }

    /// <summary>Waits for the answer to what was asked last.</summary>
    /// <exception cref="PeerException">The side failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public JsonNode Hear()
    {
        var line = _process.StandardOutput.ReadLine();
        _cancellationToken.ThrowIfCancellationRequested();
        if (line is null)
        {
            _process.WaitForExit();
            var killed = _process.ExitCode == 137 ? ", killed, likely for its memory" : "";
            throw new PeerException($"{Name} ended with exit code {_process.ExitCode}{killed}. {_lastError}");
        }

        var answer = Parse(line);
        return answer["error"] is { } error ? throw new PeerException($"{Name}: {error.GetValue<string>()}") : answer;
    }

    public double Measure() => Ask(new() { ["do"] = "measure" })["value"]!.GetValue<double>();

    /// <summary>Lets the process end and clear up after itself, and kills it where it doesn't.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience))
        {
            End();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(string program, string[] arguments, int threads)
    {
        var count = threads.ToString(CultureInfo.InvariantCulture);
        return new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["OMP_NUM_THREADS"] = count,
                ["MKL_NUM_THREADS"] = count,
                ["DOTNET_PROCESSOR_COUNT"] = count,

                // Training is on a thread of its own here; `covidct` and Python train on the main thread, whose memory this gives to all.
                ["MALLOC_ARENA_MAX"] = "1",
            },
        };
    }

    private JsonNode Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line)!;
        }
        catch (JsonException)
        {
            throw new PeerException($"{Name} answered '{line}'.");
        }
    }

    private void End()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
