// dotnet run --project samples/Service -- --Lungs:Model=out/first/runs/resnet18/fold-0 --Ensemble:Model=out/first/runs/resnet18
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCovidCt("lungs", builder.Configuration.GetSection("Lungs"));
builder.Services.AddCovidCt("ensemble", builder.Configuration.GetSection("Ensemble"));
builder.Services.AddCovidCtService().AddOpenApi();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapOpenApi();
app.MapCovidCtHealth();
app.MapCovidCt("/lungs", "lungs");
app.MapCovidCt("/ensemble", "ensemble");
app.Run();
