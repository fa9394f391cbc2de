# Tools are functions: each call is a governed command, and the program waits in the log for its result.
coldest = None
for city in input.split(", "):
    try:
        celsius = weather(city=city)["celsius"]
    except RuntimeError as error:
        print("no weather of", city, "because", error)
        continue
    if coldest is None or celsius < coldest["celsius"]:
        coldest = {"city": city, "celsius": celsius}
coldest
