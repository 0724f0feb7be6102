using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace CovidCt.AspNetCore.Tests;

/// <summary>A network behind the service, and many who ask it.</summary>
[Trait("Category", "Long")]
public sealed class UnderLoadTests : IDisposable
{
    private const int Askers = 8;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClientHandler _handler = new() { UseProxy = false, MaxConnectionsPerServer = 64 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Model => _folder["network.safetensors"];

    public void Dispose()
    {
        _handler.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_file_that_is_replaced_again_and_again_costs_no_request_and_no_tensor()
    {
        var replacements = LargeCount.Of("COVIDCT_REPLACEMENTS", 5);
        Save(Model, seed: 0);
        var alone = CountedOfOne();
        long answers = 0, before = 0;
        await using (var service = await Start())
        {
            using var client = Client(service);
            await Ask(client, 20);
            before = Settled();
            using var end = new CancellationTokenSource();
            var asked = Task.WhenAll(Enumerable.Range(0, Askers).Select(async _ =>
            {
                while (!end.IsCancellationRequested)
                {
                    await Ask(client, 1);
                    Interlocked.Increment(ref answers);
                }
            }));
            for (var number = 1; number <= replacements; number++)
            {
                var (file, earlier) = (_folder[$"next-{number}"], service.Services.GetRequiredService<Loads>().Count);
                Save(file, seed: number);
                File.Move(file, Model, overwrite: true);
                while (service.Services.GetRequiredService<Loads>().Count == earlier)
                {
                    Assert.False(asked.IsFaulted, asked.Exception?.ToString());
                    await Task.Delay(10, Token);
                }
            }

            await end.CancelAsync();
            await asked;
            for (var attempt = 0; Settled() > before + (replacements * alone) && attempt < 100; attempt++)
            {
                await Task.Delay(20, Token);
            }

            Assert.Equal(before + (replacements * alone), Settled());
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{replacements} replacements, {answers} answers, {before} tensors before, {alone} counted of each replacement, as without load.");
        Assert.True(answers > replacements);
    }

    [Fact]
    public async Task Thousands_of_requests_leave_no_tensor_and_no_memory()
    {
        var requests = LargeCount.Of("COVIDCT_REQUESTS", 1000);
        Save(Model, seed: 0);
        await using var service = await Start();
        using var client = Client(service);
        await Ask(client, requests / 10);
        var (tensors, memory) = (Settled(), Environment.WorkingSet);
        await Ask(client, requests - (requests / 10));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"after {requests / 10}: {tensors} tensors, {memory >> 20} MiB; after {requests}: {Settled()} tensors, {Environment.WorkingSet >> 20} MiB");
        Assert.Equal(tensors, Settled());
        Assert.True(Environment.WorkingSet < memory + (128 << 20));
    }

    [Fact]
    public async Task Uploads_that_are_changed_at_random_are_answered_or_refused_in_a_sentence()
    {
        var uploads = LargeCount.Of("COVIDCT_UPLOADS", 500);
        Save(Model, seed: 0);
        await using var service = await Start();
        using var client = Client(service);
        var random = new Random(LargeCount.Of("COVIDCT_MUTATION_SEED", 18));
        byte[][] files = [TestImages.GrayPng(TestImages.Noise(40, 30)), new Dicom.Tests.Phantom().File(), ServiceTests.Gray(100)];
        var statuses = new ConcurrentDictionary<int, int>();
        for (var number = 0; number < uploads; number++)
        {
            using var content = Changed(files[random.Next(files.Length)], random);
            using var response = await client.PostAsync(new Uri(random.Next(4) == 0 ? "/ct/explain" : "/ct", UriKind.Relative), content, Token);
            var status = (int)response.StatusCode;
            Assert.True(status is >= 200 and < 500, $"Upload {number}: {status} {await response.Content.ReadAsStringAsync(Token)}");
            Assert.True(status is 200 || (await response.Content.ReadAsStringAsync(Token)).Contains("\"detail\":\"", StringComparison.Ordinal), $"Upload {number}: {status}");
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", statuses.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}: {entry.Value}")));
        Assert.True(statuses.ContainsKey(200) && statuses.ContainsKey(422) && statuses.ContainsKey(400));
    }

    [Theory]
    [InlineData("Content-Length: 104857600")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_of_100_MB_ends_early_with_a_refusal(string length)
    {
        Save(Model, seed: 0);
        await using var service = await Start();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", new Uri(service.Urls.Single()).Port, Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /ct HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n{length}\r\n\r\n"), Token);
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            var part = Encoding.ASCII.GetBytes(length.StartsWith('T') ? $"10000\r\n{new string('x', 65536)}\r\n" : new string('x', 65536));
            for (; sent < 100 << 20; sent += 65536)
            {
                await stream.WriteAsync(part, Token);
            }
        }, Token);
        using var reader = new StreamReader(stream);
        Assert.Contains(" 413 ", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => sending);
    }

    [Fact]
    public async Task A_program_that_is_asked_to_end_under_load_answers_what_is_under_way_and_ends_well()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is about SIGTERM.");
        Save(Model, seed: 0);
        using var program = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "covidct.dll"), "serve", "--run", Model, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        })!;
        var address = (await program.StandardOutput.ReadLineAsync(Token))!.Split(' ')[2];
        using var client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new Uri(address) };
        await Ask(client, 8, "/");
        var (answered, told, broken) = (0, 0, new ConcurrentBag<string>());
        var asked = Enumerable.Range(0, Askers).Select(async _ =>
        {
            while (true)
            {
                var isBefore = Volatile.Read(ref told) == 0;
                try
                {
                    await Ask(client, 1, "/");
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException e)
                {
                    if (isBefore)
                    {
                        broken.Add(e.ToString());
                    }

                    return; // It listens no more.
                }
            }
        }).ToList();
        await Task.Delay(500, Token);
        Volatile.Write(ref told, 1);
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]))
        {
            await kill.WaitForExitAsync(Token);
        }

        await Task.WhenAll(asked);
        await program.WaitForExitAsync(Token);
        TestContext.Current.TestOutputHelper!.WriteLine($"{answered} answered, {broken.Count} broken");
        Assert.Equal(0, program.ExitCode);
        Assert.Empty(broken);
        Assert.True(answered > 0);
    }

    private static void Save(string file, int seed)
    {
        var backbone = new BackboneFactory().Create("squeezenet1_1", 2, seed);
        using var ensemble = new CtEnsemble([new(backbone, new(backbone.Spec.Name, ["non-COVID", "COVID"], 1, new(64, 48), CanvasFit.KeepAspect, (124, 116, 104)))]);
        ensemble.Save(file);
    }

    // TorchSharp goes on counting some of what a network that is disposed has had, whoever makes it.
    private long CountedOfOne()
    {
        var before = Settled();
        var file = _folder["alone"];
        Save(file, seed: 1);
        using (var network = CtEnsemble.Load(file))
        {
            network.Classify(new GrayImage(64, 48, new byte[64 * 48]));
        }

        return Settled() - before;
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private static async Task Ask(HttpClient client, int count, string address = "/ct")
    {
        for (var i = 0; i < count; i++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(ServiceTests.Gray((byte)i)), "file", "slice.png" } };
            using var response = await client.PostAsync(new Uri(address, UriKind.Relative), form, Token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
        }
    }

    /// <summary>A form or a body with a file of which something is other than it was.</summary>
    private static ByteArrayContent Changed(byte[] file, Random random)
    {
        var isForm = random.Next(3) > 0;
        List<byte> body = isForm
            ? [.. Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"), .. file, .. "\r\n--b--\r\n"u8]
            : [.. file];
        for (var left = random.Next(0, 4); left > 0 && body.Count > 0; left--)
        {
            var place = random.Next(random.Next(2) == 0 ? body.Count : Math.Min(body.Count, 120));
            var length = Math.Min(random.Next(1, 65), body.Count - place);
            switch (random.Next(4))
            {
                case 0:
                    body[place] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(place, length);
                    break;
                case 2:
                    body.InsertRange(place, body.GetRange(place, length));
                    break;
                default:
                    body.RemoveRange(place, body.Count - place);
                    break;
            }
        }

        var content = new ByteArrayContent([.. body]);
        content.Headers.TryAddWithoutValidation("Content-Type", isForm ? "multipart/form-data; boundary=b" : "image/png");
        return content;
    }

    private HttpClient Client(WebApplication service) => new(_handler, disposeHandler: false) { BaseAddress = new Uri(service.Urls.Single()) };

    private async Task<WebApplication> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var loads = new Loads();
        builder.Logging.AddProvider(loads);
        builder.Services.AddSingleton(loads);
        builder.Services.AddCovidCt(options => (options.Model, options.ReloadInterval) = (Model, TimeSpan.FromMilliseconds(50))).AddCovidCtService();
        var application = builder.Build();
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        application.MapCovidCt("/ct");
        await application.StartAsync(Token);
        return application;
    }

    /// <summary>Counts how often a model was replaced, by what is logged.</summary>
    private sealed class Loads : ILoggerProvider, ILogger
    {
        private int _count;

        public int Count => _count;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _ = formatter(state, exception).Contains("was replaced", StringComparison.Ordinal) ? Interlocked.Increment(ref _count) : 0;

        public void Dispose()
        {
        }
    }
}
