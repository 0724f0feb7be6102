using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CovidCt.Inference;

namespace CovidCt.Benchmarks;

/// <summary>
/// A service asked from many connections, beside the bare classifier asked about the same bytes by threads in a process of its own, while
/// this process is as busy as it was with asking.
/// </summary>
internal static class ServeComparison
{
    public const string Usage = "compare-serve COVIDCT.DLL NETWORK IMAGE [rounds=3] [seconds=20] [connections=64]: `covidct serve`, beside the bare classifier";

    private sealed record Round(double Rate, double Cores, double Median, double Slowest, double Work);

    public static int Run(string program, string network, string image, string[] rest)
    {
        var options = rest.Select(option => option.Split('=')).ToDictionary(pair => pair[0], pair => int.Parse(pair[1], CultureInfo.InvariantCulture));
        var (rounds, seconds, connections) = (options.GetValueOrDefault("rounds", 3), options.GetValueOrDefault("seconds", 20), options.GetValueOrDefault("connections", 64));
        var file = File.ReadAllBytes(image);
        var ratios = new List<double>();
        for (var number = 0; number < rounds; number++)
        {
            var served = Served(program, network, file, seconds, connections).GetAwaiter().GetResult();
            var bare = Bare(network, image, seconds, served.Cores);
            ratios.Add(bare.Work / served.Work);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"served {served.Rate:0.0}/s, {1000 * served.Work:0.00} ms of processor an answer, p50 {served.Median:0.000} s, p99 {served.Slowest:0.000} s, {connections} in line at that rate {connections / served.Rate:0.000} s; bare {bare.Rate:0.0}/s, {1000 * bare.Work:0.00} ms, beside {served.Cores:0.00} busy cores; ratio of rates {served.Rate / bare.Rate:0.000}, of processor time {ratios[^1]:0.000}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio of processor time {ratios.Order().ElementAt(ratios.Count / 2):0.000}"));
        return 0;
    }

    /// <summary>What the worker does: as many threads as there are processors classify the bytes, and it prints how often a second.</summary>
    public static int Worker(string network, string image, string seconds)
    {
        using var classifier = CtClassifier.Load(network);
        var file = File.ReadAllBytes(image);
        classifier.Classify(file);
        var (time, count) = (Stopwatch.StartNew(), 0L);
        var end = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        Console.WriteLine("begun");
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        Parallel.For(0, Environment.ProcessorCount, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
        {
            while (time.Elapsed < end)
            {
                classifier.Classify(file);
                Interlocked.Increment(ref count);
            }
        });
        var used = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / time.Elapsed.TotalSeconds:R} {used / count:R}"));
        return 0;
    }

    private static async Task<Round> Served(string program, string network, byte[] file, int seconds, int connections)
    {
        using var service = Started("dotnet", program, "serve", "--run", network, "--urls", "http://127.0.0.1:0");
        try
        {
            using var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = connections };
            using var client = new HttpClient(handler) { BaseAddress = new Uri((await service.StandardOutput.ReadLineAsync())!.Split(' ')[2]) };
            await Ask(client, file);
            var latencies = new ConcurrentQueue<double>();
            var (begin, busy, worked) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, service.TotalProcessorTime);
            await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
            {
                while (begin.Elapsed.TotalSeconds < seconds)
                {
                    var start = Stopwatch.GetTimestamp();
                    await Ask(client, file);
                    latencies.Enqueue(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            })));
            var time = begin.Elapsed.TotalSeconds;
            double[] sorted = [.. latencies.Order()];
            return new(
                sorted.Length / time, (Process.GetCurrentProcess().TotalProcessorTime - busy).TotalSeconds / time, sorted[sorted.Length / 2],
                sorted[(int)(0.99 * sorted.Length)], (Worked(service) - worked).TotalSeconds / sorted.Length);
        }
        finally
        {
            service.Kill();
            await service.WaitForExitAsync();
        }
    }

    private static TimeSpan Worked(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static async Task Ask(HttpClient client, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var response = await client.PostAsync(new Uri("/", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static (double Rate, double Work) Bare(string network, string image, int seconds, double cores)
    {
        using var worker = Started("dotnet", Environment.GetCommandLineArgs()[0], "serve-bare", network, image, seconds.ToString(CultureInfo.InvariantCulture));
        worker.StandardOutput.ReadLine();
        using var end = new CancellationTokenSource();
        var threads = (int)Math.Ceiling(cores);
        var busy = Enumerable.Range(0, threads).Select(_ => new Thread(() => BeBusy(cores / threads, end.Token))).ToList();
        busy.ForEach(thread => thread.Start());
        double[] said = [.. worker.StandardOutput.ReadLine()!.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        end.Cancel();
        busy.ForEach(thread => thread.Join());
        worker.WaitForExit();
        return (said[0], said[1]);
    }

    // In turns of two milliseconds, as small as those of requests, by the thread's own time on a processor.
    private static void BeBusy(double share, CancellationToken end)
    {
        var turn = TimeSpan.FromMilliseconds(2 * share);
        while (!end.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < turn)
            {
                Thread.SpinWait(100);
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(2 * (1 - share)));
        }
    }

    private static Process Started(string name, params string[] arguments) => Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true })!;
}
