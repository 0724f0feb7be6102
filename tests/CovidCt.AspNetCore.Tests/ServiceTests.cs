using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace CovidCt.AspNetCore.Tests;

public sealed class ServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_answered_about_with_all_that_is_known()
    {
        await using var service = await TestService.Start();
        using var response = await service.Post("/ct", Gray(204));
        var answer = await Json(response, HttpStatusCode.OK);

        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Equal(("COVID", "COVID"), ((string)answer["label"]!, (string)answer["positive"]!));
        Assert.Equal(0.8, (double)answer["probability"]!, 6);
        Assert.Equal(0.65, (double)answer["calibratedProbability"]!, 6);
        Assert.Equal(["COVID"], answer["predictionSet"]!.AsArray().Select(name => (string)name!));
        Assert.Equal((0.9, 0.3, 0.4, false), (
            (double)answer["setLevel"]!, Math.Round((double)answer["trainingDistance"]!["value"]!, 6), (double)answer["trainingDistance"]!["threshold"]!,
            (bool)answer["trainingDistance"]!["isUnlike"]!));
        Assert.Contains("not a diagnosis", (string)answer["notice"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    [InlineData("application/dicom")]
    public async Task A_slice_may_be_the_whole_body(string type)
    {
        await using var service = await TestService.Start();
        var file = type == "application/dicom" ? new Dicom.Tests.Phantom().File() : Gray(51);
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new(type);
        var answer = await Json(await service.Client.PostAsync(new Uri("/ct", UriKind.Relative), content, Token), HttpStatusCode.OK);
        Assert.NotNull(answer["probability"]);
    }

    [Theory]
    [InlineData("/ct", "image/png")]
    [InlineData("/ct/explain", null)]
    [InlineData("/ct/explain?opacity=0&label=non-COVID&method=layer-cam", "image/png, */*")]
    public async Task The_map_is_a_picture_of_the_slice_s_size(string address, string? accept)
    {
        await using var service = await TestService.Start();
        using var response = await service.Post(address, Bright(), accept: accept);
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        var image = new SkiaImageDecoder().Decode(await response.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal((40, 32), (image.Width, image.Height));
        if (address.Contains("opacity=0", StringComparison.Ordinal))
        {
            Assert.Equal(new SkiaImageDecoder().Decode(Bright()).Pixels, image.Pixels);
        }
    }

    [Fact]
    public async Task With_JSON_the_map_comes_with_the_answer_and_the_slice()
    {
        await using var service = await TestService.Start();
        var explanation = await Json(await service.Post("/ct/explain", Bright(), accept: "application/json"), HttpStatusCode.OK);
        Assert.Equal((40, 32), ((int)explanation["width"]!, (int)explanation["height"]!));
        Assert.Equal(new SkiaImageDecoder().Decode(Bright()).Pixels, new SkiaImageDecoder().Decode(Convert.FromBase64String((string)explanation["slice"]!)).Pixels);
        Assert.NotEqual((string)explanation["slice"]!, (string)explanation["map"]!);
        Assert.Equal((string)explanation["answer"]!["label"]!, (string)explanation["explained"]!);
    }

    [Fact]
    public async Task The_model_says_what_it_is_with_the_card_of_its_study()
    {
        await using var service = await TestService.Start();
        var card = (await service.Client.GetFromJsonAsync<JsonNode>(new Uri("/ct/model", UriKind.Relative), Token))!;
        Assert.Equal(("lungs", "stub", "COVID", "# Model card"), ((string)card["name"]!, (string)card["network"]!, (string)card["positive"]!, (string)card["document"]!));
        Assert.Equal(["non-COVID", "COVID"], card["classes"]!.AsArray().Select(name => (string)name!));
    }

    public static TheoryData<string, byte[], string, int, string> Refused => new()
    {
        { "/ct", Encoding.UTF8.GetBytes("Some text."), "file", 422, "The file is text, not an image." },
        { "/ct", [], "file", 422, "The file is empty." },
        { "/ct", Bright()[..^30], "file", 422, "cut off" },
        { "/ct", Bomb(), "file", 422, "30000×30000" },
        { "/ct", [.. "PK"u8, 3, 4, .. new byte[40]], "file", 422, "a ZIP archive" },
        { "/ct", new Dicom.Tests.Phantom { Frames = 3, IsEnhanced = true }.File(), "file", 422, "an image is one frame" },
        { "/ct", new Dicom.Tests.Phantom { Syntax = Dicom.Tests.Phantom.DeflatedSyntax }.File(), "file", 422, "deflated" },
        { "/ct", new Dicom.Tests.Phantom().File()[..300], "file", 422, "" },
        { "/ct", Gray(7), "other", 400, "no field called file" },
        { "/ct/explain?label=flu", Gray(7), "file", 400, "give one of non-COVID, COVID" },
        { "/ct/explain?method=magic", Gray(7), "file", 400, "grad-cam, grad-cam++, layer-cam" },
        { "/ct/explain?opacity=2", Gray(7), "file", 400, "a number from 0 to 1" },
        { "/ct", new byte[3000], "file", 413, "at most 2000 bytes" },
        { "/ct", new byte[300_000], "file", 413, "at most 2000 bytes" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_answered_about_is_refused_in_one_sentence(string address, byte[] file, string field, int status, string words)
    {
        await using var service = await TestService.Start(options => options.MaxBytes = status == 413 ? 2000 : options.MaxBytes);
        using var response = await service.Post(address, file, field);
        var problem = await Json(response, (HttpStatusCode)status, "application/problem+json");
        Assert.Equal(status, (int)problem["status"]!);
        Assert.Contains(words, (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("Mustermann", service.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Mustermann", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{}", 415)]
    [InlineData("multipart/form-data", "nothing", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf a", 400)]
    [InlineData("multipart/form-data; boundary=b", "no part", 400)]
    [InlineData("", "x", 415)]
    public async Task A_body_of_another_kind_or_a_damaged_form_is_refused(string type, string body, int status)
    {
        await using var service = await TestService.Start();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type.Length > 0 ? type : null);
        var problem = await Json(await service.Client.PostAsync(new Uri("/ct", UriKind.Relative), content, Token), (HttpStatusCode)status, "application/problem+json");
        Assert.EndsWith(".", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere", "GET", 404)]
    [InlineData("/ct", "DELETE", 405)]
    public async Task Addresses_and_methods_that_are_not_there_have_problem_details_too(string address, string method, int status)
    {
        await using var service = await TestService.Start();
        using var request = new HttpRequestMessage(new(method), address);
        Assert.Equal(status, (int)(await Json(await service.Client.SendAsync(request, Token), (HttpStatusCode)status, "application/problem+json"))["status"]!);
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_again()
    {
        using var open = new ManualResetEventSlim(true);
        StubClassifier? model = null;
        await using var service = await TestService.Start(model: options => options.Queue = new() { Length = 1 }, stub: stub =>
        {
            stub.OnBatch = () => open.Wait(Token);
            model = stub;
        });
        await service.Until("/health/ready", HttpStatusCode.OK);
        var before = model!.Batches.Count;
        open.Reset();
        var first = service.Post("/ct", Gray(1));
        while (model.Batches.Count == before)
        {
            await Task.Delay(5, Token);
        }

        using var second = await service.Post("/ct", Gray(2));
        Assert.InRange(second.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        await Json(second, HttpStatusCode.TooManyRequests, "application/problem+json");
        open.Set();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Post("/ct", Gray(3))).StatusCode);
    }

    [Fact]
    public async Task A_file_that_comes_too_slowly_is_refused_and_an_answer_that_does_too()
    {
        using var open = new ManualResetEventSlim(true);
        await using var service = await TestService.Start(options => options.Timeout = TimeSpan.FromSeconds(1), stub: stub => stub.OnBatch = () => open.Wait(Token));
        await service.Until("/health/ready", HttpStatusCode.OK);
        var slow = Raw(service, "POST /ct HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\nhalf");
        open.Reset();
        using var late = await service.Post("/ct", Gray(1));
        open.Set();

        Assert.Equal(1, late.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        await Json(late, HttpStatusCode.ServiceUnavailable, "application/problem+json");
        Assert.Contains(" 408 ", await slow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_hangs_up_leaves_nothing_behind()
    {
        await using var service = await TestService.Start(model: options => options.Queue = new() { Length = 1 });
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", service.Address.Port, Token);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /ct HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\nhalf"), Token);
        }

        HttpStatusCode status;
        while ((status = (await service.Post("/ct", Gray(1))).StatusCode) == HttpStatusCode.TooManyRequests)
        {
            await Task.Delay(10, Token);
        }

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("Error ", service.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_live_at_once_and_ready_when_its_model_has_answered()
    {
        using var open = new ManualResetEventSlim();
        await using var service = await TestService.Start(stub: stub => stub.OnBatch = () => open.Wait(Token));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync(new Uri("/health/live", UriKind.Relative), Token)).StatusCode);
        var waiting = await Json(await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token), HttpStatusCode.ServiceUnavailable);
        Assert.Contains("has not answered yet", (string)waiting["models"]!["lungs"]!, StringComparison.Ordinal);
        open.Set();
        await service.Until("/health/ready", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_model_that_cannot_answer_says_why_where_readiness_is_asked_for()
    {
        await using var service = await TestService.Start(stub: stub => stub.OnBatch = () => throw new WeightsException("The weights hold NaN. Use other weights."));
        JsonNode report;
        do
        {
            report = await Json(await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token), HttpStatusCode.ServiceUnavailable);
        }
        while (!((string)report["models"]!["lungs"]!).Contains("NaN", StringComparison.Ordinal));
        await Json(await service.Post("/ct", Gray(1)), HttpStatusCode.ServiceUnavailable, "application/problem+json");
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        await using var service = await TestService.Start();
        using var response = await service.Client.GetAsync(new Uri("/ct", UriKind.Relative), Token);
        var page = await response.Content.ReadAsStringAsync(Token);
        var policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        foreach (var (part, type) in (Span<(string, string)>)[("/ct/page.css", "text/css"), ("/ct/page.js", "text/javascript")])
        {
            Assert.Contains($"\"{part}\"", page, StringComparison.Ordinal);
        }

        Assert.Equal("text/javascript", (await service.Client.GetAsync(new Uri("/ct/page.js", UriKind.Relative), Token)).Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_OpenApi_document_is_valid_and_names_what_there_is()
    {
        await using var service = await TestService.Start();
        var (document, findings) = await OpenApiDocument.LoadAsync(
            await service.Client.GetStreamAsync(new Uri("/openapi/v1.json", UriKind.Relative), Token), "json", cancellationToken: Token);

        Assert.Empty(findings!.Errors);
        Assert.Empty(findings.Warnings);
        Assert.Equal(["/ct", "/ct/explain", "/ct/model", "/ct/series"], document!.Paths.Keys.Order());
        var post = document.Paths["/ct"].Operations![HttpMethod.Post];
        Assert.Equal(["200", "400", "408", "413", "415", "422", "429", "503"], post.Responses!.Keys.Order());
        Assert.Equal("multipart/form-data", Assert.Single(post.RequestBody!.Content!).Key);
        Assert.Equal("file", Assert.Single(post.RequestBody.Content!["multipart/form-data"].Schema!.Properties!).Key);
        Assert.Contains("probability", post.Responses["200"].Content!["application/json"].Schema!.Properties!.Keys);

        var answer = await Json(await service.Post("/ct", Gray(9)), HttpStatusCode.OK);
        Assert.Equal(answer.AsObject().Select(member => member.Key).Order(), post.Responses["200"].Content!["application/json"].Schema!.Properties!.Keys.Order());
    }

    [Fact]
    public async Task Requests_under_way_end_when_the_service_is_stopped()
    {
        using var open = new ManualResetEventSlim(true);
        await using var service = await TestService.Start(stub: stub => stub.OnBatch = () => open.Wait(Token));
        await service.Until("/health/ready", HttpStatusCode.OK);
        open.Reset();
        Task<HttpResponseMessage>[] requests = [.. Enumerable.Range(0, 8).Select(i => service.Post("/ct", Gray((byte)i)))];
        await Task.Delay(300, Token);
        var stop = service.Stop();
        open.Set();
        await stop;
        Assert.All(await Task.WhenAll(requests), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Limits_out_of_their_ranges_are_told_at_start() =>
        Assert.Contains("Timeout", (await Assert.ThrowsAnyAsync<Exception>(() => TestService.Start(options => options.Timeout = TimeSpan.Zero))).Message, StringComparison.Ordinal);

    [Fact]
    public void Mapping_without_the_service_says_what_to_call()
    {
        var application = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddCovidCtService", Assert.Throws<InvalidOperationException>(() => application.MapCovidCt("/ct")).Message, StringComparison.Ordinal);
    }

    internal static byte[] Gray(byte level) => TestImages.GrayPng(new GrayImage(20, 16, [.. Enumerable.Repeat(level, 320)]));

    private static byte[] Bright() => TestImages.GrayPng(new GrayImage(40, 32, [.. Enumerable.Range(0, 1280).Select(i => (byte)(i % 40 * 6))]));

    private static byte[] Bomb()
    {
        var png = Gray(1);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 30000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 30000);
        TestImages.Reseal(png);
        return png;
    }

    private static async Task<string> Raw(TestService service, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", service.Address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadLineAsync(Token))!;
    }

    private static async Task<JsonNode> Json(HttpResponseMessage response, HttpStatusCode status, string type = "application/json")
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        return JsonNode.Parse(text)!;
    }
}
